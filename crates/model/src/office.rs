//! An office: a branch or a head office. Field names are RESO's in snake_case (resource Office).

use crate::codes::*;

record! {
    /// One office.
    Office, OfficeField {
        originating_system_name OriginatingSystemName: Text, Column, "OriginatingSystemName", "System the record comes from";
        originating_system_key OriginatingSystemKey: Text, Column, "OriginatingSystemKey", "The office's key in that system";
        office_id OfficeId: Text, Column, "OfficeKey", "Office's id, as its source writes it";
        office_mls_id OfficeMlsId: Text, Detail, "OfficeMlsId", "Office's number (门店编号)";
        office_name OfficeName: Text, Column, "OfficeName", "Name (门店, 分行)";
        office_status OfficeStatus: MemberStatus, Column, "OfficeStatus", "Active or inactive (营业状态)";
        office_type OfficeType: Text, Detail, "OfficeType", "Kind of office";
        main_office_key MainOfficeKey: Text, Detail, "MainOfficeKey", "Office it belongs to (大区, 总部)";
        office_manager_key OfficeManagerKey: Text, Detail, "OfficeManagerKey", "Manager (店长)";
        office_broker_key OfficeBrokerKey: Text, Detail, "OfficeBrokerKey", "Responsible broker";
        office_phone OfficePhone: Text, Detail, "OfficePhone", "Business phone in E.164";
        office_email OfficeEmail: Text, Detail, "OfficeEmail", "Business email";
        office_address1 OfficeAddress1: Text, Detail, "OfficeAddress1", "Street and number";
        office_city OfficeCity: Text, Detail, "OfficeCity", "City";
        office_state_or_province OfficeStateOrProvince: Text, Detail, "OfficeStateOrProvince", "State or province";
        office_postal_code OfficePostalCode: Text, Detail, "OfficePostalCode", "Postal code";
        region Region: Text, Detail, "", "Region (大区)";
        office_corporate_license OfficeCorporateLicense: Text, Detail, "OfficeCorporateLicense", "Number of the filing certificate (备案证书号)";
        licence_expires LicenceExpires: Date, Detail, "", "Day on which the filing ends";
        hours Hours: Text, Detail, "", "Opening hours";
        modification_timestamp ModificationTimestamp: Instant, Detail, "ModificationTimestamp", "When the source last changed it";
        extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
    }
}
