//! A member: an agent. Field names are RESO's in snake_case (resource Member); what RESO lacks has a
//! plain name. Members come in as rosters.

use crate::codes::*;

record! {
    /// One agent, as the roster tells it.
    Member, MemberField {
        member_key MemberKey: Text, Column, "MemberKey", "Agent's key in the system the roster comes from";
        member_mls_id MemberMlsId: Text, Column, "MemberMlsId", "Agent's staff number (工号)";
        member_full_name MemberFullName: Text, Column, "MemberFullName", "Agent's business name";
        member_first_name MemberFirstName: Text, Detail, "MemberFirstName", "Given name";
        member_last_name MemberLastName: Text, Detail, "MemberLastName", "Family name";
        member_mobile_phone MemberMobilePhone: Text, Sealed, "MemberMobilePhone", "Agent's mobile in E.164; private";
        member_preferred_phone MemberPreferredPhone: Text, Sealed, "MemberPreferredPhone", "Phone to call first, in E.164; private";
        member_email MemberEmail: Text, Sealed, "MemberEmail", "Agent's email; private";
        wechat Wechat: Text, Sealed, "", "Agent's WeChat id; private";
        member_status MemberStatus: MemberStatus, Column, "MemberStatus", "Active or inactive (在职, 离职)";
        mls_status MlsStatus: Text, Detail, "", "The source's own word for the status";
        member_type MemberType: Text, Detail, "MemberType", "Kind of member";
        role Role: Text, Column, "", "Role: agent, manager, trainee";
        job_title JobTitle: Text, Detail, "JobTitle", "Job title (职务)";
        level Level: Text, Column, "", "Grade (职级)";
        team Team: Text, Column, "", "Team (店组)";
        office_key OfficeKey: Text, Column, "OfficeKey", "Key of the agent's office";
        office_mls_id OfficeMlsId: Text, Detail, "OfficeMlsId", "Number of the agent's office";
        office_name OfficeName: Text, Detail, "OfficeName", "Name of the agent's office";
        region Region: Text, Column, "", "Region (大区)";
        city City: Text, Column, "MemberCity", "City";
        territories Territories: List, Column, "", "Districts or business areas the agent serves";
        skills Skills: List, Column, "", "What the agent is good at";
        member_languages MemberLanguages: List, Detail, "MemberLanguages", "Languages";
        member_state_license MemberStateLicense: Text, Column, "MemberStateLicense", "Licence number (从业信息卡号)";
        licence_expires LicenceExpires: Date, Column, "", "Day on which the licence ends";
        daily_cap DailyCap: Integer, Column, "", "Most leads a day";
        monthly_cap MonthlyCap: Integer, Column, "", "Most leads a month";
        holding_cap HoldingCap: Integer, Column, "", "Most open leads at a time";
        lock_cap LockCap: Integer, Column, "", "Most leads the agent may lock";
        hours Hours: Text, Column, "", "Working hours";
        leave_until LeaveUntil: Date, Column, "", "Last day of leave";
        leave Leave: Text, Detail, "", "Leave as written";
        weight Weight: Decimal, Column, "", "Share among equals";
        close_rate CloseRate: Decimal, Column, "", "Deals per lead, as the source gives it";
        response_minutes ResponseMinutes: Decimal, Column, "", "Usual time to the first answer";
        rating Rating: Decimal, Column, "", "Rating, as the source gives it";
        open_leads OpenLeads: Integer, Column, "", "Open leads, as the source counts them";
        hired_at HiredAt: Date, Column, "", "First day of work";
        modification_timestamp ModificationTimestamp: Instant, Column, "ModificationTimestamp", "When the source last changed it";
        originating_system_name OriginatingSystemName: Text, Column, "OriginatingSystemName", "System the record comes from";
        extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
    }
}
