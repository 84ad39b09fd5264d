//! store-admin
