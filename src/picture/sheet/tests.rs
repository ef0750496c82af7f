use super::*;

fn sheet() -> Sheet {
    let mut sheet = Sheet::new([144.0, 72.0], [255; 3]);
    sheet.bars([0, 0, 0], vec![[10.0, 10.0, 2.0, 8.0], [20.0, 10.0, 2.0, 8.0]]);
    sheet.polygons([200, 0, 0], vec![vec![[40.0, 10.0], [50.0, 10.0], [45.0, 20.0]]]);
    sheet.dashes([0, 0, 200], 1.0, Some([3.0, 2.0]), vec![vec![[5.0, 40.0], [70.0, 40.0], [70.0, 50.0]]]);
    sheet.circles([0, 120, 0], 4.0, Some(1.0), vec![[100.0, 20.0]]);
    sheet.text([72.0, 60.0], SheetAlign::Middle, 8.0, [0; 3], "Δ < −1 & β");
    sheet.upwards([8.0, 36.0], 8.0, [0; 3], "v");
    sheet.marks.push(SheetMark::Cells {
        at: [110.0, 10.0, 20.0, 20.0],
        columns: 2,
        rgb: vec![[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]],
    });
    sheet
}

fn facts() -> SheetFacts {
    SheetFacts {
        title: "Raster".into(),
        program: "spikescape 1".into(),
        origin: "spikescape export --at 3".into(),
        json: "{\"seed\": 7}".into(),
    }
}

#[test]
fn an_svg_has_its_text_as_text_and_its_facts_inside() {
    let svg = sheet().svg(&facts()).unwrap();
    for part in [
        "width=\"144pt\"",
        ">Δ &lt; −1 &amp; β</text>",
        "<title>Raster</title>",
        "<desc>spikescape export --at 3</desc>",
        "<metadata>{\"seed\": 7}</metadata>",
        "M10 10h2v8h-2zM20 10h2v8h-2z",
        "stroke-dasharray=\"3 2\"",
        "rotate(-90 10.8 36)",
        "image-rendering=\"pixelated\"",
    ] {
        assert!(svg.contains(part), "{part}\n{svg}");
    }
}

#[test]
fn a_pdf_is_the_same_every_time_and_says_what_its_glyphs_are() {
    let pdf = sheet().pdf(&facts()).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"));
    assert_eq!(pdf, sheet().pdf(&facts()).unwrap());
    let text = String::from_utf8_lossy(&pdf);
    // U+0394 and U+2212 in the map from glyphs to characters
    for part in ["<0394>", "<2212>", "/FontFile2", "/Interpolate false", "/Spikescape", "(Raster)"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(pdf.len() < 40_000, "only the glyphs that are used: {}", pdf.len());
}

#[test]
fn a_png_has_its_marks_where_they_belong_at_every_scale() {
    for scale in [1.0, 2.0, 4.0] {
        let picture = SheetPainter::default().picture(&sheet(), scale);
        assert_eq!((picture.width, picture.height), ((144.0 * scale) as usize, (72.0 * scale) as usize));
        let at = |x: f32, y: f32| picture.pixel((x * scale) as usize, (y * scale) as usize).unwrap();
        assert_eq!(at(11.0, 14.0), [0, 0, 0, 255]);
        assert_eq!((at(112.0, 12.0), at(125.0, 25.0)), ([255, 0, 0, 255], [9, 9, 9, 255]));
        assert_eq!(at(130.5, 50.0), [255, 255, 255, 255]);
    }
    let png = sheet().png(300.0 / 72.0, &facts()).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    assert_eq!(reader.info().pixel_dims.unwrap().xppu, 11_811);
    assert!(reader.info().uncompressed_latin1_text.iter().any(|t| t.text == "{\"seed\": 7}"));
}

#[test]
fn a_painter_draws_one_sheet_after_the_other() {
    let mut painter = SheetPainter::default();
    let first = painter.picture(&sheet(), 2.0);
    let blank = painter.picture(&Sheet::new([30.0, 30.0], [7; 3]), 2.0);
    assert!(blank.is_blank());
    assert_eq!(painter.picture(&sheet(), 2.0), first);
}
