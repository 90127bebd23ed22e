use leptos::prelude::*;

/// The icons of the app. `scripts/build.mjs` puts them on the page as one sprite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    Account,
    Alert,
    Archive,
    AuditLog,
    Back,
    Calendar,
    Check,
    Copy,
    Dark,
    Download,
    Duplicate,
    Expand,
    Forward,
    Info,
    Key,
    Light,
    More,
    Offer,
    Open,
    Overview,
    Pause,
    Pencil,
    People,
    Picture,
    Plus,
    Print,
    Reload,
    Resume,
    Search,
    SignOut,
    Sliders,
    System,
    Table,
    Trash,
    Undo,
    Warning,
    Close,
}

impl Symbol {
    pub const ALL: [Symbol; 37] = [
        Symbol::Account,
        Symbol::Alert,
        Symbol::Archive,
        Symbol::AuditLog,
        Symbol::Back,
        Symbol::Calendar,
        Symbol::Check,
        Symbol::Close,
        Symbol::Copy,
        Symbol::Dark,
        Symbol::Download,
        Symbol::Duplicate,
        Symbol::Expand,
        Symbol::Forward,
        Symbol::Info,
        Symbol::Key,
        Symbol::Light,
        Symbol::More,
        Symbol::Offer,
        Symbol::Open,
        Symbol::Overview,
        Symbol::Pause,
        Symbol::Pencil,
        Symbol::People,
        Symbol::Picture,
        Symbol::Plus,
        Symbol::Print,
        Symbol::Reload,
        Symbol::Resume,
        Symbol::Search,
        Symbol::SignOut,
        Symbol::Sliders,
        Symbol::System,
        Symbol::Table,
        Symbol::Trash,
        Symbol::Undo,
        Symbol::Warning,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Symbol::Account => "circle-user",
            Symbol::Alert => "circle-alert",
            Symbol::Archive => "archive",
            Symbol::AuditLog => "scroll-text",
            Symbol::Back => "arrow-left",
            Symbol::Calendar => "calendar",
            Symbol::Check => "check",
            Symbol::Close => "x",
            Symbol::Copy => "copy",
            Symbol::Dark => "moon",
            Symbol::Download => "download",
            Symbol::Duplicate => "copy-plus",
            Symbol::Expand => "maximize-2",
            Symbol::Forward => "arrow-right",
            Symbol::Info => "info",
            Symbol::Key => "key-round",
            Symbol::Light => "sun",
            Symbol::More => "ellipsis",
            Symbol::Offer => "ticket-percent",
            Symbol::Open => "chevron-down",
            Symbol::Overview => "layout-dashboard",
            Symbol::Pause => "pause",
            Symbol::Pencil => "pencil",
            Symbol::People => "users",
            Symbol::Picture => "image",
            Symbol::Plus => "plus",
            Symbol::Print => "printer",
            Symbol::Reload => "rotate-cw",
            Symbol::Resume => "play",
            Symbol::Search => "search",
            Symbol::SignOut => "log-out",
            Symbol::Sliders => "sliders-horizontal",
            Symbol::System => "monitor",
            Symbol::Table => "table-2",
            Symbol::Trash => "trash-2",
            Symbol::Undo => "undo-2",
            Symbol::Warning => "triangle-alert",
        }
    }
}

/// A decorative icon. The text beside it or the label of its button carries the meaning.
#[component]
pub fn Icon(symbol: Symbol) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("#icon-{}", symbol.name())></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprite_has_exactly_the_icons_of_the_app() {
        let listed: Vec<String> = serde_json::from_str(include_str!("../../scripts/icons.json")).unwrap();
        let mut named = Symbol::ALL.map(Symbol::name);
        named.sort_unstable();
        assert_eq!(listed, named);
    }
}
