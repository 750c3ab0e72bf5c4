//! Image references.

/// A reference as `registry/repository:tag@digest`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// The repository with its registry, as written.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest.
    pub digest: Option<String>,
}

impl Image {
    /// Splits a reference.
    pub fn parse(reference: &str) -> Image {
        let (rest, digest) = match reference.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (reference, None),
        };
        let name_start = rest.rfind('/').map_or(0, |i| i + 1);
        let (repository, tag) = match rest[name_start..].split_once(':') {
            Some((name, tag)) => (format!("{}{name}", &rest[..name_start]), Some(tag.to_owned())),
            None => (rest.to_owned(), None),
        };
        Image { repository, tag: tag.filter(|tag| !tag.is_empty()), digest }
    }

    /// The repository without Docker Hub's implied parts.
    pub fn short_repository(&self) -> &str {
        let name = self.repository.as_str();
        let name =
            name.strip_prefix("docker.io/").or_else(|| name.strip_prefix("index.docker.io/")).unwrap_or(name);
        name.strip_prefix("library/").unwrap_or(name)
    }

    /// Whether it is whatever is newest: no tag, or `latest`, and no digest.
    pub fn is_floating(&self) -> bool {
        self.digest.is_none() && self.tag.as_deref().is_none_or(|tag| tag == "latest")
    }

    /// The last part of the repository.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }
}
