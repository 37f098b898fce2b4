//! Small pictures, point by point.

use groma_raster::png;
use resvg::tiny_skia::Pixmap;

const INTER: &[u8] = include_bytes!("../../view/assets/Inter-Regular.otf");

fn drawn(svg: &str, scale: f32) -> Pixmap {
    let bytes = png(svg, &[INTER], scale).unwrap_or_else(|error| panic!("{svg}: {error}"));
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    Pixmap::decode_png(&bytes).unwrap()
}

fn colour(picture: &Pixmap, x: u32, y: u32) -> (u8, u8, u8, u8) {
    let point = picture.pixel(x, y).unwrap();
    (point.red(), point.green(), point.blue(), point.alpha())
}

/// An SVG of 40 by 20 with this in it.
fn small(inner: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\" viewBox=\"0 0 40 20\">{inner}</svg>")
}

/// How many points are not white.
fn inked(picture: &Pixmap) -> usize {
    picture.pixels().iter().filter(|point| point.red() < 128).count()
}

#[test]
fn a_picture_is_as_large_as_its_scale_says() {
    for (scale, width, height) in [(1.0, 40, 20), (2.0, 80, 40), (0.5, 20, 10), (0.33, 14, 7), (1.26, 51, 26)] {
        let picture = drawn(&small(""), scale);
        assert_eq!((picture.width(), picture.height()), (width, height), "{scale}");
    }
}

#[test]
fn colours_are_where_they_are_drawn_and_the_ground_is_white() {
    let svg = small(
        "<rect x=\"10\" y=\"5\" width=\"10\" height=\"10\" fill=\"#ff0000\"/><rect x=\"20\" y=\"5\" width=\"10\" height=\"10\" fill=\"#0000ff\" opacity=\"0.5\"/>",
    );
    for scale in [1.0, 2.0] {
        let picture = drawn(&svg, scale);
        let at = |x: f32, y: f32| colour(&picture, (x * scale) as u32, (y * scale) as u32);
        assert_eq!(at(0.0, 0.0), (255, 255, 255, 255), "nothing is there, and it is not transparent");
        assert_eq!(at(15.0, 10.0), (255, 0, 0, 255));
        assert_eq!(at(10.0, 5.0), (255, 0, 0, 255), "the edge is sharp");
        assert_eq!(at(9.5, 10.0), (255, 255, 255, 255));
        let (red, green, blue, alpha) = at(25.0, 10.0);
        assert!(red.abs_diff(127) < 2 && green.abs_diff(127) < 2 && (blue, alpha) == (255, 255));
        assert_eq!(at(35.0, 10.0), (255, 255, 255, 255));
    }
}

#[test]
fn texts_are_drawn_with_the_given_fonts_alone() {
    let text =
        |family: &str| small(&format!("<text x=\"2\" y=\"15\" font-size=\"14\" font-family=\"{family}\">Hm</text>"));
    let inter = drawn(&text("Inter"), 2.0);
    assert!(inked(&inter) > 100, "{}", inked(&inter));
    // Another family falls back to the only one there is.
    assert_eq!(inked(&drawn(&text("sans-serif"), 2.0)), inked(&inter));
    let without = png(&text("Inter"), &[], 2.0).unwrap();
    assert_eq!(inked(&Pixmap::decode_png(&without).unwrap()), 0, "no font of the machine is taken");
}

#[test]
fn a_text_is_as_wide_as_it_says() {
    let wide = |width: u32| {
        let text = format!(
            "<text x=\"0\" y=\"15\" font-size=\"14\" font-family=\"Inter\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">Hm</text>"
        );
        let picture = drawn(&small(&text), 4.0);
        let columns = (0..picture.width()).filter(|x| (0..picture.height()).any(|y| colour(&picture, *x, y).0 < 128));
        columns.max().unwrap() / 4
    };
    assert!(wide(20) < 21 && wide(36) > 30, "{} {}", wide(20), wide(36));
}

#[test]
fn the_same_picture_is_the_same_bytes() {
    let svg = small(
        "<circle cx=\"20\" cy=\"10\" r=\"7\" fill=\"#2f66c4\"/><text x=\"2\" y=\"15\" font-family=\"Inter\">H</text>",
    );
    assert_eq!(png(&svg, &[INTER], 1.5).unwrap(), png(&svg, &[INTER], 1.5).unwrap());
}

#[test]
fn what_is_no_svg_is_refused() {
    for text in [
        "",
        "no svg",
        "<svg",
        "<html></html>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"5\"/>",
        "\u{0}",
    ] {
        let error = png(text, &[INTER], 1.0).expect_err(text);
        assert!(!error.is_empty(), "{text}");
    }
}

#[test]
fn a_picture_that_is_too_large_or_too_small_is_refused() {
    let error = png(&small(""), &[INTER], 401.0).unwrap_err();
    assert_eq!(error, "the picture would be 16040 by 8020 pixels; choose a smaller scale");
    let high = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"900000000\"/>";
    assert!(png(high, &[INTER], 1.0).unwrap_err().contains("choose a smaller scale"));
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert!(png(&small(""), &[INTER], scale).is_err(), "{scale}");
    }
}

/// A file that an SVG names is not read, as a picture shows what its text says and nothing of the machine.
#[test]
fn nothing_is_read_from_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let black = folder.path().join("black.svg");
    std::fs::write(&black, small("<rect width=\"40\" height=\"20\"/>")).unwrap();
    let svg = |address: &str| {
        small(&format!(
            "<image xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"{address}\" width=\"40\" height=\"20\"/>"
        ))
    };
    let path = black.to_str().unwrap();
    for address in [path.to_owned(), format!("file://{path}")] {
        assert_eq!(inked(&drawn(&svg(&address), 1.0)), 0, "{address}");
    }
}
