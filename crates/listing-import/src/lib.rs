//! listing-import
