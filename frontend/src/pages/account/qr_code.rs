use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode as Matrix, QrCodeEcc};

use crate::i18n::account as texts;

/// Modules of white space around the code, as its standard asks for.
const MARGIN: i32 = 4;

/// A text as a QR code. Nothing if the text is too long for one.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn QrCode(#[prop(into)] text: String) -> impl IntoView {
    let matrix = Matrix::encode_text(&text, QrCodeEcc::Medium).ok()?;
    let size = matrix.size() + 2 * MARGIN;
    Some(view! {
        <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=texts::qr_code() data-testid="qr-code">
            <path d=path(&matrix)></path>
        </svg>
    })
}

/// The dark modules as an SVG path, each run of a row as one rectangle.
fn path(matrix: &Matrix) -> String {
    let mut path = String::new();
    for y in 0..matrix.size() {
        let mut x = 0;
        while x < matrix.size() {
            let length = (x..matrix.size()).take_while(|x| matrix.get_module(*x, y)).count();
            if length > 0 {
                // Writing to a String cannot fail.
                _ = write!(path, "M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN);
            }
            x += i32::try_from(length).unwrap_or(0) + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_begins_with_a_finder_pattern() {
        let matrix =
            Matrix::encode_text("otpauth://totp/Offercast:ada?secret=ABC", QrCodeEcc::Medium).unwrap();
        let path = path(&matrix);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        let dark = (0..matrix.size()).flat_map(|y| (0..matrix.size()).map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| matrix.get_module(*x, *y)).count();
        let drawn: usize =
            path.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
    }
}
