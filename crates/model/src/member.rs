//! A member: an agent. Field names are RESO's in snake_case (resource Member); what RESO lacks has a
//! plain name. Members come in as rosters.

use crate::codes::*;

record! {
    /// One agent, as the roster tells it.
    Member, MemberField {
        originating_system_name OriginatingSystemName: Text, Column, "OriginatingSystemName", "System the roster comes from";
        originating_system_key OriginatingSystemKey: Text, Column, "OriginatingSystemKey", "The agent's key in that system";
        member_id MemberId: Text, Column, "MemberKey", "Agent's id, as the roster writes it (员工编号)";
        member_mls_id MemberMlsId: Text, Detail, "MemberMlsId", "Agent's staff number (工号)";
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
        level Level: Text, Detail, "", "Grade (职级)";
        team Team: Text, Detail, "", "Team (店组)";
        office_id OfficeId: Text, Detail, "OfficeKey", "Id of the agent's office, as the roster writes it";
        office_mls_id OfficeMlsId: Text, Detail, "OfficeMlsId", "Number of the agent's office";
        office_name OfficeName: Text, Detail, "OfficeName", "Name of the agent's office";
        region Region: Text, Detail, "", "Region (大区)";
        city City: Text, Detail, "MemberCity", "City";
        territories Territories: List, Detail, "", "Districts or business areas the agent serves";
        skills Skills: List, Detail, "", "What the agent is good at";
        member_languages MemberLanguages: List, Detail, "MemberLanguages", "Languages";
        licence Licence: Text, Column, "MemberStateLicense", "Licence number (从业信息卡号)";
        licence_expires LicenceExpires: Date, Column, "", "Last day on which the licence holds";
        daily_cap DailyCap: Integer, Detail, "", "Most leads a day";
        monthly_cap MonthlyCap: Integer, Detail, "", "Most leads a month";
        holding_cap HoldingCap: Integer, Detail, "", "Most open leads at a time";
        lock_cap LockCap: Integer, Detail, "", "Most leads the agent may lock";
        hours Hours: Text, Detail, "", "Working hours";
        leave_until LeaveUntil: Date, Detail, "", "Last day of leave";
        leave Leave: Text, Detail, "", "Leave as written";
        weight Weight: Decimal, Detail, "", "Share among equals";
        close_rate CloseRate: Decimal, Detail, "", "Deals per lead, as the source gives it";
        response_minutes ResponseMinutes: Decimal, Detail, "", "Usual time to the first answer";
        rating Rating: Decimal, Detail, "", "Rating, as the source gives it";
        open_leads OpenLeads: Integer, Detail, "", "Open leads, as the source counts them";
        hired_at HiredAt: Date, Detail, "", "First day of work";
        modification_timestamp ModificationTimestamp: Instant, Detail, "ModificationTimestamp", "When the source last changed it";
        extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
    }
}
