//! A run as a film: GIF, APNG, or a folder of frames.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::files::Figures;
use super::measure::STOPPED;
use super::options::FigureView;
use super::run::FigureRun;
use super::style::FigureStyle;
use crate::file::{self, GrowingFile, Progress};
use crate::named::named;
use crate::picture::Bitmap;
use crate::picture::sheet::SheetPainter;
use crate::text;
use crate::train::settings::toml_write::PROGRAM;

named! {
    /// A kind of film.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FilmFormat {
        /// Plays everywhere; at most 256 colours in a frame.
        Gif => "gif", "GIF";
        /// Plays in browsers, in all colours.
        Apng => "apng", "APNG";
        /// A folder with a PNG for each frame, for a program that makes films.
        Frames => "frames", "Frames";
    }
}

impl FilmFormat {
    /// By the end of a name: .gif, .apng or .png; a name without an end is that of a folder.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension() {
            None => Some(Self::Frames),
            Some(end) => match end.to_str()?.to_ascii_lowercase().as_str() {
                "gif" => Some(Self::Gif),
                "png" | "apng" => Some(Self::Apng),
                _ => None,
            },
        }
    }
}

/// The moments of a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmSpec {
    pub view: FigureView,
    pub from: u64,
    pub to: u64,
    /// Updates from one frame to the next.
    pub every: u64,
    /// Frames a second.
    pub rate: u16,
}

impl FilmSpec {
    /// The most frames of a film.
    pub const MOST: u64 = 10_000;

    /// How many frames it has.
    pub fn frames(&self) -> u64 {
        self.to.saturating_sub(self.from) / self.every.max(1) + 1
    }

    /// # Errors
    /// When it runs backwards or has too many frames.
    pub fn check(&self) -> Result<(), String> {
        if self.from > self.to {
            return Err(format!("The film ends at update {}, before it begins at {}.", self.to, self.from));
        }
        if self.frames() > Self::MOST {
            let (is, most) = (text::whole(self.frames()), text::whole(Self::MOST));
            return Err(format!("The film would have {is} frames; at most {most} are made: show fewer updates."));
        }
        Ok(())
    }

    /// The line that makes a film of a folder of frames with ffmpeg.
    pub fn ffmpeg(&self, folder: &Path) -> String {
        let frames = super::line::quoted(&folder.join("frame-%06d.png").to_string_lossy());
        // most players want even sides
        let even = "-vf 'pad=ceil(iw/2)*2:ceil(ih/2)*2' -pix_fmt yuv420p";
        format!("ffmpeg -framerate {} -i {frames} {even} film.mp4", self.rate)
    }
}

/// Makes the film of a run that is at its beginning, and says how many frames it has. `progress` counts frames beside updates,
/// and can stop it: then no film is written, but frames in a folder stay.
///
/// # Errors
/// When it was stopped, the run cannot be made again, or a file cannot be written.
pub fn film(
    run: &mut FigureRun,
    (spec, format): (&FilmSpec, FilmFormat),
    (options, style): (&super::FigureOptions, &FigureStyle),
    path: &Path,
    progress: &Progress,
) -> Result<u64, String> {
    spec.check()?;
    let style = FigureStyle { title: true, ..*style };
    let (mut painter, mut reel) = (SheetPainter::default(), None);
    for number in 0..spec.frames() {
        run.advance(spec.from + number * spec.every, progress)?;
        progress.check().map_err(|_| STOPPED.to_owned())?;
        let scene = run.scene(&[spec.view], progress)?;
        let figures = Figures { scene, options: options.clone(), style };
        let picture = figures.picture(spec.view, &mut painter)?;
        let film = match &mut reel {
            Some(film) => film,
            None => reel.insert(FilmReel::begin(path, format, spec, &picture, figures.title(spec.view))?),
        };
        film.add(&picture, number)?;
        progress.add(1);
    }
    reel.map_or(Ok(()), FilmReel::finish)?;
    Ok(spec.frames())
}

/// A file that an encoder writes to, and that is finished once the encoder is done.
#[derive(Clone)]
struct SharedFile(Rc<RefCell<GrowingFile>>);

impl SharedFile {
    fn create(path: &Path) -> Result<Self, String> {
        let file = GrowingFile::create(path).map_err(|e| unwritten(path, &e))?;
        Ok(Self(Rc::new(RefCell::new(file))))
    }
}

impl Write for SharedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// A film while it is written.
struct FilmReel {
    path: PathBuf,
    /// None of a folder.
    file: Option<SharedFile>,
    encoder: FilmEncoder,
    size: [usize; 2],
}

enum FilmEncoder {
    /// And hundredths of a second that a frame stays.
    Gif(Box<gif::Encoder<SharedFile>>, u16),
    Apng(Box<png::Writer<SharedFile>>),
    Frames,
}

fn unwritten(path: &Path, why: &dyn Display) -> String {
    format!("{} could not be written: {why}.", path.display())
}

impl FilmReel {
    fn begin(path: &Path, format: FilmFormat, spec: &FilmSpec, first: &Bitmap, title: String) -> Result<Self, String> {
        let size = [first.width, first.height];
        let failed = |why: &dyn Display| unwritten(path, why);
        if format == FilmFormat::Frames {
            file::make_folder(path)?;
            file::save(&path.join("ffmpeg.txt"), (spec.ffmpeg(Path::new("")) + "\n").as_bytes())?;
            return Ok(Self { path: path.to_owned(), file: None, encoder: FilmEncoder::Frames, size });
        }
        let file = SharedFile::create(path)?;
        let encoder = if format == FilmFormat::Gif {
            let [Ok(w), Ok(h)] = size.map(u16::try_from) else {
                return Err("A GIF has at most 65,535 pixels to a side: make it smaller.".into());
            };
            let mut gif = gif::Encoder::new(file.clone(), w, h, &[]).map_err(|e| failed(&e))?;
            gif.set_repeat(gif::Repeat::Infinite).map_err(|e| failed(&e))?;
            FilmEncoder::Gif(Box::new(gif), 100 / spec.rate.clamp(1, 50))
        } else {
            let mut png = png::Encoder::new(file.clone(), size[0] as u32, size[1] as u32);
            png.set_color(png::ColorType::Rgb);
            png.set_depth(png::BitDepth::Eight);
            png.set_animated(spec.frames() as u32, 0).map_err(|e| failed(&e))?;
            png.set_frame_delay(1, spec.rate).map_err(|e| failed(&e))?;
            for (keyword, text) in [("Title", title), ("Software", PROGRAM.to_owned())] {
                png.add_itxt_chunk(keyword.into(), text).map_err(|e| failed(&e))?;
            }
            FilmEncoder::Apng(Box::new(png.write_header().map_err(|e| failed(&e))?))
        };
        Ok(Self { path: path.to_owned(), file: Some(file), encoder, size })
    }

    fn add(&mut self, picture: &Bitmap, number: u64) -> Result<(), String> {
        if self.size != [picture.width, picture.height] && self.file.is_some() {
            return Err("The view changed its size, which a film cannot: make frames instead.".into());
        }
        let rgb = || picture.rgba.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>();
        let failed = |why: &dyn Display| unwritten(&self.path, why);
        match &mut self.encoder {
            FilmEncoder::Gif(gif, delay) => {
                let (palette, pixels) = indexed(&picture.rgba);
                let mut frame =
                    gif::Frame::from_palette_pixels(picture.width as u16, picture.height as u16, pixels, palette, None);
                frame.delay = *delay;
                gif.write_frame(&frame).map_err(|e| failed(&e))
            }
            FilmEncoder::Apng(png) => png.write_image_data(&rgb()).map_err(|e| failed(&e)),
            FilmEncoder::Frames => {
                let png = picture.png(&[("Software", PROGRAM)]).map_err(|e| failed(&e))?;
                file::save(&self.path.join(format!("frame-{number:06}.png")), &png)
            }
        }
    }

    fn finish(self) -> Result<(), String> {
        let Self { path, file, encoder, .. } = self;
        let failed = |why: &dyn Display| unwritten(&path, why);
        match encoder {
            FilmEncoder::Gif(gif, _) => drop(gif.into_inner().map_err(|e| failed(&e))?),
            FilmEncoder::Apng(png) => png.finish().map_err(|e| failed(&e))?,
            FilmEncoder::Frames => {}
        }
        let file = file.and_then(|SharedFile(file)| Rc::into_inner(file));
        file.map_or(Ok(()), |file| file.into_inner().finish().map_err(|e| failed(&e)))
    }
}

/// A palette of at most 256 colours, and the number of each pixel's in it. Half of it are the colours that occur most, which
/// are those of the marks themselves; the other half lie as far from one another as they can, so that the blends at the
/// edges of marks find one nearby.
fn indexed(rgba: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let pixels = rgba.as_chunks::<4>().0;
    let mut counts: BTreeMap<[u8; 3], u32> = BTreeMap::new();
    pixels.iter().for_each(|&[r, g, b, _]| *counts.entry([r, g, b]).or_default() += 1);
    let mut colours: Vec<([u8; 3], u32)> = counts.iter().map(|(colour, count)| (*colour, *count)).collect();
    // equal counts stay in the order of their colours: the same picture has the same palette everywhere
    colours.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let colours: Vec<[u8; 3]> = colours.into_iter().map(|(colour, _)| colour).collect();
    let mut palette = colours[..colours.len().min(128)].to_vec();
    // of each colour the nearest of the palette, and how far it is
    let nearest = |colour: &[u8; 3]| {
        let each = palette.iter().enumerate().map(|(n, of)| (distance(*of, *colour), n as u8));
        each.min().unwrap_or_default()
    };
    let mut taken: Vec<(u32, u8)> = colours.iter().map(nearest).collect();
    while palette.len() < 256 {
        let Some(farthest) = (0..colours.len()).rev().max_by_key(|n| taken[*n].0).filter(|n| taken[*n].0 > 0) else {
            break;
        };
        let (number, colour) = (palette.len() as u8, colours[farthest]);
        palette.push(colour);
        taken.iter_mut().zip(&colours).for_each(|(taken, of)| *taken = (*taken).min((distance(colour, *of), number)));
    }
    let numbers: BTreeMap<[u8; 3], u8> = colours.iter().copied().zip(taken.iter().map(|(_, number)| *number)).collect();
    let numbers = pixels.iter().map(|&[r, g, b, _]| numbers[&[r, g, b]]).collect();
    (palette.concat(), numbers)
}

/// The squared distance of two colours.
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    (0..3).map(|k| u32::from(a[k].abs_diff(b[k])).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::indexed;

    #[test]
    fn colours_of_marks_stay_what_they_are_and_blends_take_the_nearest() {
        // a mark of 30 pixels among 20,000 of the ground, and 1,000 blends of one pixel each
        let mut rgba = vec![255; 4 * 20_000];
        rgba.extend([0, 158, 115, 255].repeat(30));
        rgba.extend((0..1000u32).flat_map(|k| [(k % 200) as u8, (k / 5) as u8, 90, 255]));
        let (palette, numbers) = indexed(&rgba);
        let colour = |pixel: usize| &palette[3 * usize::from(numbers[pixel])..][..3];
        assert_eq!((palette.len(), numbers.len()), (3 * 256, 21_030));
        assert_eq!((colour(0), colour(20_010)), (&[255, 255, 255][..], &[0, 158, 115][..]));
        for (pixel, blend) in rgba.chunks(4).enumerate().skip(20_030) {
            let away = colour(pixel).iter().zip(blend).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(away < Some(120), "{blend:?} became {:?}", colour(pixel));
        }
    }
}
