//! Other spellings of the same text: full-width letters and digits, traditional characters, zero-width
//! characters, compatibility forms. Few texts hold any, so the wording pass looks for [`markers`] of them
//! among its words, and only a text that has one is rewritten, with the offsets of the original kept.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Traditional characters, each before its simplified form; those that advertising words are made of.
pub(crate) const TRADITIONAL: &str = "國国級级證证學学區区資资賺赚頂顶絕绝對对諾诺網网價价優优豪豪無无風风\
險险報报報报穩稳漲涨潛潜購购貸贷償偿還还養养財财運运龍龙脈脉開开規规劃划違违築筑壓压樓楼層层\
隔隔斷断間间車车鐵铁鐘钟達达離离時时騎骑門门換换戶户貴贵獨独專专傳传奪夺觀观寶宝熱热銷销\
訂订簽签續续預预約约買买賣卖賃赁轉转讓让贈赠積积實实際际擴扩違违蓋盖處处從从復复雙双單单\
廳厅衛卫廚厨陽阳臺台電电華华麗丽極极點点質质選选擇择濟济驚惊護护輕轻鬆松萬万億亿號号員员業业\
費费務务經经紀纪傭佣稅税滿满兩两備备註注冊册標标題题圖图渲渲鏡镜現现場场權权產产證证辦办\
農农聯联繫系絡络獎奖勵励減减適适應应條条說说課课師师園园專专設设計计劇剧罕罕給给頭头爾尔\
僅仅後后來来稱称譽誉歲岁壽寿聚聚氣气煞煞靈灵墓墓塋茔嶽岳島岛橋桥灣湾濱滨庫库機机構构賠赔\
虧亏補补貼贴擔担銀银額额徵征瘋疯搶抢錯错過过謝谢絕绝嚴严禁禁鋪铺廠厂";

/// The simplified form of a traditional character of advertising words.
fn simplified(c: char) -> Option<char> {
    let mut pairs = TRADITIONAL.chars();
    while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
        if old == c && old != new {
            return Some(new);
        }
    }
    None
}

/// Characters whose presence means that a text has another spelling which could hide one of `words`.
pub(super) fn markers<'a>(words: impl Iterator<Item = &'a str>) -> HashSet<char> {
    let used: HashSet<char> = words.flat_map(str::chars).collect();
    let mut out: HashSet<char> = [
        '０'..='９',
        'Ａ'..='Ｚ',
        'ａ'..='ｚ',
        '\u{200B}'..='\u{200D}',
        // Radicals and compatibility ideographs look like common characters.
        '\u{2F00}'..='\u{2FFF}',
        '\u{F900}'..='\u{FAFF}',
    ]
    .into_iter()
    .flatten()
    .chain(['\u{2060}', '\u{FEFF}', '\u{00AD}'])
    .collect();
    let mut pairs = TRADITIONAL.chars();
    while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
        if old != new && used.contains(&new) {
            out.insert(old);
        }
    }
    out
}

/// A text in one spelling, with the way back to the original.
pub(super) struct Folded {
    /// The text.
    pub(super) text: String,
    /// For each byte of `text`, and for its end, the offset in the original.
    pub(super) offsets: Vec<usize>,
}

/// Rewrites a text: NFKC letter by letter, simplified, without zero-width characters.
pub(super) fn fold(original: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(original.len()),
        offsets: Vec::with_capacity(original.len() + 1),
    };
    for (at, c) in original.char_indices() {
        if matches!(
            c,
            '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
        ) {
            continue;
        }
        for c in std::iter::once(c).nfkc() {
            let c = simplified(c).unwrap_or(c);
            folded.text.push(c);
            folded.offsets.resize(folded.text.len(), at);
        }
    }
    folded.offsets.push(original.len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back() {
        let folded = fold("保\u{200B}證升值Ａ");
        assert_eq!(folded.text, "保证升值A");
        assert_eq!(folded.offsets.len(), folded.text.len() + 1);
        assert_eq!(folded.offsets[3], 6);
        assert_eq!(
            folded.offsets[folded.text.len()],
            "保\u{200B}證升值Ａ".len()
        );
    }
}
