pub mod change_password;
pub mod confirm_second_factor;
pub mod end_other_sessions;
pub mod end_session;
pub mod list_sessions;
pub mod remove_second_factor;
pub mod set_up_second_factor;
pub mod show;
