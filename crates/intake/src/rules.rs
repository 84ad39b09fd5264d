//! The rules of reading (X): what can be wrong with the form of a record, a cell or a file.

use model::rule::{Effect, Rule, Words};

/// X101: the row has another number of cells than the header.
pub static CELL_COUNT: &Rule = &RULES[0];
/// X102: bytes that are not text in the file's encoding.
pub static BAD_ENCODING: &Rule = &RULES[1];
/// X103: a NUL byte in a cell.
pub static NUL_BYTE: &Rule = &RULES[2];
/// X104: text after a closing quote.
pub static TEXT_AFTER_QUOTE: &Rule = &RULES[3];
/// X105: a quote that is never closed.
pub static UNCLOSED_QUOTE: &Rule = &RULES[4];
/// X106: a cell or a row beyond what is read.
pub static RECORD_TOO_LARGE: &Rule = &RULES[5];
/// X107: not a JSON object.
pub static BAD_JSON: &Rule = &RULES[6];
/// X108: a lone quote in a bare cell, read as it stands.
pub static STRAY_QUOTE: &Rule = &RULES[7];
/// X109: a row of a rejects file that is as it was when it was rejected.
pub static UNMENDED: &Rule = &RULES[8];
/// X110: a number a spreadsheet shortened to a power of ten; its digits are lost.
pub static EXPONENT_NUMBER: &Rule = &RULES[9];
/// X111: an id of more than 15 digits a spreadsheet has rounded.
pub static LONG_ID: &Rule = &RULES[10];
/// X112: a day as a spreadsheet counts it.
pub static SERIAL_DATE: &Rule = &RULES[11];
/// X113: an error value of a spreadsheet in place of the cell.
pub static ERROR_VALUE: &Rule = &RULES[12];
/// X120: not a number.
pub static UNREADABLE_NUMBER: &Rule = &RULES[13];
/// X121: a day or time that does not exist.
pub static IMPOSSIBLE_DATE: &Rule = &RULES[14];
/// X122: not a date.
pub static UNREADABLE_DATE: &Rule = &RULES[15];
/// X123: a value outside what the field can be.
pub static OUT_OF_RANGE: &Rule = &RULES[16];
/// X124: a word that is no known value of the field.
pub static UNREADABLE_CODE: &Rule = &RULES[17];
/// X130: a unit or currency taken from place or config.
pub static UNIT_ASSUMED: &Rule = &RULES[18];
/// X131: no column for a core field.
pub static MISSING_COLUMN: &Rule = &RULES[19];
/// X132: a header that stands more than once; the later ones got a number.
pub static DUPLICATE_HEADER: &Rule = &RULES[20];
/// X133: two columns that mean the same field.
pub static DOUBLE_MAPPING: &Rule = &RULES[21];
/// X134: the encoding was guessed from the bytes.
pub static ENCODING_GUESSED: &Rule = &RULES[22];
/// X135: lines before the header were skipped.
pub static LINES_SKIPPED: &Rule = &RULES[23];
/// X136: one sheet was read, others were not.
pub static SHEETS_LEFT_OUT: &Rule = &RULES[24];
/// X137: the first line looks like data, so the columns have numbers.
pub static NO_HEADER: &Rule = &RULES[25];
/// X138: a column without a name.
pub static BLANK_HEADER: &Rule = &RULES[26];
/// X139: a header of two lines was joined.
pub static LINES_JOINED: &Rule = &RULES[27];
/// X140: records that stand under a key of a JSON document.
pub static RECORDS_UNDER_KEY: &Rule = &RULES[28];

/// Every rule of this crate, in order of code.
pub static RULES: &[Rule] = &[
    Rule {
        code: "X101",
        name: "cell-count",
        effect: Effect::Reject,
        about: Words {
            en: "the row has another number of cells than the header",
            zh: "行的单元格数与表头不同",
        },
        mend: Words {
            en: "put a cell that holds the delimiter in quotes, or fill in the missing cells",
            zh: "含分隔符的单元格请加引号，或补齐缺少的单元格",
        },
        bad: "id,city,price\nA1,北京,朝阳,520",
        good: "id,city,price\nA1,\"北京,朝阳\",520",
    },
    Rule {
        code: "X102",
        name: "bad-encoding",
        effect: Effect::Reject,
        about: Words {
            en: "bytes that are not text in the file's encoding",
            zh: "含有不属于文件编码的字节",
        },
        mend: Words {
            en: "save the row again in the file's encoding, or name the encoding with --encoding",
            zh: "请以文件的编码重新保存该行，或用 --encoding 指定编码",
        },
        bad: "A1,\\xE4\\xB8,520",
        good: "A1,中,520",
    },
    Rule {
        code: "X103",
        name: "nul-byte",
        effect: Effect::Reject,
        about: Words {
            en: "a NUL byte in a cell",
            zh: "单元格含有 NUL 字节",
        },
        mend: Words {
            en: "remove the byte; a row of NULs comes from an export that broke off",
            zh: "请删除该字节；整行 NUL 多因导出中断",
        },
        bad: "A1,北\\x00京,520",
        good: "A1,北京,520",
    },
    Rule {
        code: "X104",
        name: "text-after-quote",
        effect: Effect::Reject,
        about: Words {
            en: "text after a closing quote",
            zh: "右引号之后还有文字",
        },
        mend: Words {
            en: "double a quote that belongs to the text",
            zh: "属于内容的引号请写成两个",
        },
        bad: "A1,\"好\"房,520",
        good: "A1,\"\"\"好\"\"房\",520",
    },
    Rule {
        code: "X105",
        name: "unclosed-quote",
        effect: Effect::Reject,
        about: Words {
            en: "a quote that is never closed",
            zh: "引号没有闭合",
        },
        mend: Words {
            en: "close the quote, or remove it",
            zh: "请补上右引号，或删除该引号",
        },
        bad: "A1,\"南北通透,520",
        good: "A1,南北通透,520",
    },
    Rule {
        code: "X106",
        name: "record-too-large",
        effect: Effect::Reject,
        about: Words {
            en: "a cell or a row beyond what is read",
            zh: "单元格或整行超过可读取的长度",
        },
        mend: Words {
            en: "shorten the cell; a very long row often lacks its line ends",
            zh: "请缩短单元格；过长的行往往是缺少换行",
        },
        bad: "A1,\"(17 MiB of text)\",520",
        good: "A1,\"(a description)\",520",
    },
    Rule {
        code: "X107",
        name: "bad-json",
        effect: Effect::Reject,
        about: Words {
            en: "not a JSON object",
            zh: "不是 JSON 对象",
        },
        mend: Words {
            en: "write one complete object on each line",
            zh: "每行写一个完整的对象",
        },
        bad: "{\"id\":\"A1\",",
        good: "{\"id\":\"A1\"}",
    },
    Rule {
        code: "X108",
        name: "stray-quote",
        effect: Effect::Warn,
        about: Words {
            en: "a lone quote in a bare cell, read as it stands",
            zh: "未加引号的单元格中有单个引号，按原样读取",
        },
        mend: Words {
            en: "put the cell in quotes and double the quote inside",
            zh: "请给单元格加引号，并将其中的引号写成两个",
        },
        bad: "A1,5\"屏,520",
        good: "A1,\"5\"\"屏\",520",
    },
    Rule {
        code: "X109",
        name: "unmended-reject",
        effect: Effect::Reject,
        about: Words {
            en: "a row of a rejects file that is as it was when it was rejected",
            zh: "拒收文件中的行未经修改",
        },
        mend: Words {
            en: "mend the cells before the file is fed again",
            zh: "请先修改单元格再重新导入",
        },
        bad: "A1,北京,朝阳,520 (surplus 1: 520)",
        good: "A1,\"北京,朝阳\",520",
    },
    Rule {
        code: "X110",
        name: "excel-exponent",
        effect: Effect::Reject,
        about: Words {
            en: "a number a spreadsheet shortened to a power of ten; its digits are lost",
            zh: "电子表格把数字写成了科学计数，位数已丢失",
        },
        mend: Words {
            en: "format the column as text before the numbers go in, and export again",
            zh: "请先把列设为文本格式，再填数并重新导出",
        },
        bad: "1.38E+10",
        good: "13812345678",
    },
    Rule {
        code: "X111",
        name: "excel-long-id",
        effect: Effect::Reject,
        about: Words {
            en: "an id of more than 15 digits a spreadsheet has rounded",
            zh: "超过 15 位的编号已被电子表格舍入",
        },
        mend: Words {
            en: "format the column as text before the ids go in, and export again",
            zh: "请先把列设为文本格式，再填编号并重新导出",
        },
        bad: "110101199003070000",
        good: "110101199003078888",
    },
    Rule {
        code: "X112",
        name: "excel-serial-date",
        effect: Effect::Warn,
        about: Words {
            en: "a day as a spreadsheet counts it",
            zh: "日期是电子表格的序列数",
        },
        mend: Words {
            en: "format the column as a date and export again",
            zh: "请把列设为日期格式并重新导出",
        },
        bad: "45291",
        good: "2023-12-31",
    },
    Rule {
        code: "X113",
        name: "excel-error-value",
        effect: Effect::Reject,
        about: Words {
            en: "an error value of a spreadsheet in place of the cell",
            zh: "单元格是电子表格的错误值",
        },
        mend: Words {
            en: "mend the formula, or enter the value",
            zh: "请改正公式，或直接填入值",
        },
        bad: "#REF!",
        good: "520",
    },
    Rule {
        code: "X120",
        name: "unreadable-number",
        effect: Effect::Reject,
        about: Words {
            en: "not a number",
            zh: "不是数字",
        },
        mend: Words {
            en: "write digits, with a unit the column has",
            zh: "请写数字，单位与该列一致",
        },
        bad: "三百万",
        good: "3000000",
    },
    Rule {
        code: "X121",
        name: "impossible-date",
        effect: Effect::Reject,
        about: Words {
            en: "a day or time that does not exist",
            zh: "不存在的日期或时间",
        },
        mend: Words {
            en: "enter the true day",
            zh: "请填写真实日期",
        },
        bad: "2025-02-30",
        good: "2025-02-28",
    },
    Rule {
        code: "X122",
        name: "unreadable-date",
        effect: Effect::Reject,
        about: Words {
            en: "not a date",
            zh: "不是日期",
        },
        mend: Words {
            en: "write year-month-day",
            zh: "请写成 年-月-日",
        },
        bad: "昨天",
        good: "2025-03-01",
    },
    Rule {
        code: "X123",
        name: "out-of-range",
        effect: Effect::Reject,
        about: Words {
            en: "a value outside what the field can be",
            zh: "值超出字段的范围",
        },
        mend: Words {
            en: "check the value and its unit",
            zh: "请核对数值及单位",
        },
        bad: "-1",
        good: "1",
    },
    Rule {
        code: "X124",
        name: "unreadable-code",
        effect: Effect::Warn,
        about: Words {
            en: "a word that is no known value of the field",
            zh: "该字段没有这种取值",
        },
        mend: Words {
            en: "use one of the field's values, or map the word in the config",
            zh: "请使用该字段的取值，或在配置中映射",
        },
        bad: "精精装",
        good: "精装",
    },
    Rule {
        code: "X130",
        name: "unit-from-config",
        effect: Effect::Warn,
        about: Words {
            en: "a unit or currency taken from place or config",
            zh: "单位或币种取自地点或配置",
        },
        mend: Words {
            en: "write the unit in the header, or pass --unit or --currency",
            zh: "请在表头写明单位，或用 --unit、--currency 指定",
        },
        bad: "price",
        good: "price(万)",
    },
    Rule {
        code: "X131",
        name: "missing-core-column",
        effect: Effect::Warn,
        about: Words {
            en: "no column for a core field",
            zh: "缺少核心字段的列",
        },
        mend: Words {
            en: "add the column, or name it with --map",
            zh: "请补上该列，或用 --map 指定",
        },
        bad: "id,city",
        good: "id,city,price",
    },
    Rule {
        code: "X132",
        name: "duplicate-header",
        effect: Effect::Warn,
        about: Words {
            en: "a header that stands more than once; the later ones got a number",
            zh: "表头重复，后面的已加编号",
        },
        mend: Words {
            en: "give each column its own name",
            zh: "请给每列不同的名称",
        },
        bad: "price,price",
        good: "list_price,unit_price",
    },
    Rule {
        code: "X133",
        name: "double-mapping",
        effect: Effect::Warn,
        about: Words {
            en: "two columns that mean the same field",
            zh: "两列对应同一字段",
        },
        mend: Words {
            en: "say which one counts with --map",
            zh: "请用 --map 指定以哪一列为准",
        },
        bad: "price,总价",
        good: "总价",
    },
    Rule {
        code: "X134",
        name: "encoding-guessed",
        effect: Effect::Warn,
        about: Words {
            en: "the encoding was guessed from the bytes",
            zh: "编码是根据字节推测的",
        },
        mend: Words {
            en: "name it with --encoding, or save as UTF-8",
            zh: "请用 --encoding 指定，或另存为 UTF-8",
        },
        bad: "(GBK bytes)",
        good: "(UTF-8 bytes)",
    },
    Rule {
        code: "X135",
        name: "lines-skipped",
        effect: Effect::Warn,
        about: Words {
            en: "lines before the header were skipped",
            zh: "表头之前的行已跳过",
        },
        mend: Words {
            en: "remove them, or leave them: nothing is lost",
            zh: "可以删除，也可保留：不影响数据",
        },
        bad: "房源导出 2025-03-01",
        good: "id,city,price",
    },
    Rule {
        code: "X136",
        name: "sheets-left-out",
        effect: Effect::Warn,
        about: Words {
            en: "one sheet was read, others were not",
            zh: "只读取了一个工作表",
        },
        mend: Words {
            en: "name another one with --sheet",
            zh: "请用 --sheet 指定其他工作表",
        },
        bad: "sheets 一月, 二月",
        good: "--sheet 二月",
    },
    Rule {
        code: "X137",
        name: "no-header",
        effect: Effect::Warn,
        about: Words {
            en: "the first line looks like data, so the columns have numbers",
            zh: "首行像数据，列以编号命名",
        },
        mend: Words {
            en: "add a header line, or pass --header",
            zh: "请补上表头，或用 --header 指定",
        },
        bad: "A1,520,2025-03-01",
        good: "id,price,date",
    },
    Rule {
        code: "X138",
        name: "blank-header",
        effect: Effect::Warn,
        about: Words {
            en: "a column without a name",
            zh: "没有名称的列",
        },
        mend: Words {
            en: "name the column, or leave it if it is of no use",
            zh: "请给该列命名；无用的列可不管",
        },
        bad: "id,,price",
        good: "id,city,price",
    },
    Rule {
        code: "X139",
        name: "header-joined",
        effect: Effect::Warn,
        about: Words {
            en: "a header of two lines was joined",
            zh: "两行表头已合并",
        },
        mend: Words {
            en: "keep one header line if the names come out wrong",
            zh: "若名称有误，请只保留一行表头",
        },
        bad: "价格,,\n总价,单价,",
        good: "总价,单价",
    },
    Rule {
        code: "X140",
        name: "records-under-key",
        effect: Effect::Warn,
        about: Words {
            en: "the records were found under a key of the document",
            zh: "记录位于 JSON 文档的某个键之下",
        },
        mend: Words {
            en: "nothing needs to be done; an array of records alone is plainer",
            zh: "无需处理；只导出记录数组更简单",
        },
        bad: "{\"total\":1,\"data\":[{\"id\":\"A1\"}]}",
        good: "[{\"id\":\"A1\"}]",
    },
];

/// The rule of a code or name.
pub fn rule(code_or_name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.code == code_or_name || rule.name == code_or_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_rules_are_the_ones_meant() {
        let named = [
            (CELL_COUNT, "X101"),
            (BAD_ENCODING, "X102"),
            (NUL_BYTE, "X103"),
            (TEXT_AFTER_QUOTE, "X104"),
            (UNCLOSED_QUOTE, "X105"),
            (RECORD_TOO_LARGE, "X106"),
            (BAD_JSON, "X107"),
            (STRAY_QUOTE, "X108"),
            (UNMENDED, "X109"),
            (EXPONENT_NUMBER, "X110"),
            (LONG_ID, "X111"),
            (SERIAL_DATE, "X112"),
            (ERROR_VALUE, "X113"),
            (UNREADABLE_NUMBER, "X120"),
            (IMPOSSIBLE_DATE, "X121"),
            (UNREADABLE_DATE, "X122"),
            (OUT_OF_RANGE, "X123"),
            (UNREADABLE_CODE, "X124"),
            (UNIT_ASSUMED, "X130"),
            (MISSING_COLUMN, "X131"),
            (DUPLICATE_HEADER, "X132"),
            (DOUBLE_MAPPING, "X133"),
            (ENCODING_GUESSED, "X134"),
            (LINES_SKIPPED, "X135"),
            (SHEETS_LEFT_OUT, "X136"),
            (NO_HEADER, "X137"),
            (BLANK_HEADER, "X138"),
            (LINES_JOINED, "X139"),
            (RECORDS_UNDER_KEY, "X140"),
        ];
        assert_eq!(named.len(), RULES.len());
        for (rule, code) in named {
            assert_eq!(rule.code, code);
        }
    }

    #[test]
    fn codes_and_names_are_told_apart() {
        for (index, one) in RULES.iter().enumerate() {
            for other in &RULES[index + 1..] {
                assert!(one.code < other.code);
                assert_ne!(one.name, other.name);
            }
        }
        assert_eq!(rule("X101").map(|rule| rule.name), Some("cell-count"));
        assert_eq!(rule("bad-json").map(|rule| rule.code), Some("X107"));
    }
}
