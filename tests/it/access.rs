//! Access control: who may do what, and how people and services prove who they are.

mod audit;
mod command_line;
mod keys;
mod matrix;
mod people;
mod requests;
