//! Fenced code blocks of Markdown pages.

use crate::base::{Place, SourceFile, Text, TextBuilder};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A fenced block of code.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The first word behind the fence, such as `yaml`; empty where there is none.
    pub language: String,
    /// What stands in it, without the indent of a list that it is part of.
    pub text: Text,
}

/// The fenced blocks of a page, in order.
pub fn fences(file: &SourceFile) -> Vec<Fence> {
    let mut out = Vec::new();
    let mut open: Option<(String, TextBuilder, Place)> = None;
    for (event, range) in Parser::new_ext(file.text(), Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let language = info.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
                let place = Place::new(file.id(), range.start, range.start);
                open = Some((language, TextBuilder::new(), place));
            }
            Event::Text(text) => {
                if let Some((_, builder, _)) = &mut open {
                    push(builder, &text, file, range);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                out.extend(
                    open.take()
                        .map(|(language, builder, place)| Fence { language, text: builder.finish(place) }),
                );
            }
            _ => {}
        }
    }
    out
}

/// A line's text stands in the page as it is, but for line ends that Markdown normalises.
fn push(builder: &mut TextBuilder, text: &str, file: &SourceFile, range: std::ops::Range<usize>) {
    if file.text().get(range.clone()) == Some(text) {
        builder.push_copied(text, file.id(), range.start);
    } else {
        builder.push_made(text, Place::new(file.id(), range.start, range.end), crate::base::Trail::default());
    }
}
