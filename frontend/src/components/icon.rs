use leptos::prelude::*;

/// The icons of the app: strokes in a box of 20.
#[derive(Clone, Copy)]
pub enum Symbol {
    Plus,
    Search,
    Reload,
    Pencil,
    Archive,
    Trash,
    Back,
    Forward,
    Alert,
    Ticket,
}

impl Symbol {
    fn path(self) -> &'static str {
        match self {
            Symbol::Plus => "M10 4v12M4 10h12",
            Symbol::Search => "M9 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11ZM13 13l4 4",
            Symbol::Reload => "M16.5 10a6.5 6.5 0 1 1-2-4.7M16.5 2.5v4h-4",
            Symbol::Pencil => {
                "M3.5 16.5l.8-3.6L13 4.2a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3L7.1 15.7l-3.6.8ZM11.8 5.4l2.8 2.8"
            }
            Symbol::Archive => "M3 4h14v3.5H3ZM4.2 7.5V16h11.6V7.5M8 11h4",
            Symbol::Trash => "M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11M8.5 9v4.5M11.5 9v4.5",
            Symbol::Back => "M12 4.5L6.5 10l5.5 5.5",
            Symbol::Forward => "M8 4.5l5.5 5.5L8 15.5",
            Symbol::Alert => "M10 3l7.5 13.5h-15ZM10 8.5v3.5M10 14.2v.1",
            Symbol::Ticket => {
                "M3 6h14v2.5a1.8 1.8 0 0 0 0 3.5V14.5H3V12a1.8 1.8 0 0 0 0-3.5ZM12 6.5v1.5M12 9.5v1.5M12 12.5v1.5"
            }
        }
    }
}

/// Decoration: what it means is said by the text beside it, or by the label of its button.
#[component]
pub fn Icon(symbol: Symbol) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d=symbol.path()></path>
        </svg>
    }
}
