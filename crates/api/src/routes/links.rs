pub mod set_password;
pub mod show;
