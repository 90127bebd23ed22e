//! `sqlx::migrate!` reads the SQL at compile time: a new file has to cause a new build.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
