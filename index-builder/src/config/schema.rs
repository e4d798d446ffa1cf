//! `speir.toml` told to editors: a JSON Schema of draft 2020-12, with a sentence for each key.
//!
//! The schema is a file of its own, `speir.schema.json`. The tests here hold it, and the README, to the
//! keys that the reader knows: a key that is new is added there and here, to the list of its table.

/// The schema, as `speir check-config --schema` prints it.
pub(crate) const SCHEMA: &str = include_str!("../../speir.schema.json");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;
    use serde_json::{Map, Value as Json};

    use super::super::{
        BROWSE_KEYS, RESERVED, TOP_KEYS, fields::FIELD_KEYS, parse, sources::LIST_KEYS,
        sources::SOURCE_KEYS, words::PIN_KEYS,
    };
    use super::*;
    use crate::input::Format;
    use crate::vocabulary;

    const README: &str = include_str!("../../README.md");

    /// The tables of `speir.toml`: where the schema has them, and the keys that the reader knows.
    const TABLES: [(&str, &[&str]); 6] = [
        ("/properties", &TOP_KEYS),
        ("/$defs/browse/properties", &BROWSE_KEYS),
        ("/$defs/field/properties", &FIELD_KEYS),
        ("/$defs/pin/properties", &PIN_KEYS),
        ("/$defs/source/properties", &SOURCE_KEYS),
        ("/$defs/list/properties", &LIST_KEYS),
    ];

    fn schema() -> Json {
        serde_json::from_str(SCHEMA).unwrap()
    }

    fn sorted<'t>(names: impl IntoIterator<Item = &'t str>) -> Vec<&'t str> {
        let mut names: Vec<&str> = names.into_iter().collect();
        names.sort_unstable();
        names
    }

    fn names(list: &Json) -> Vec<&str> {
        sorted(list.as_array().unwrap().iter().filter_map(Json::as_str))
    }

    /// The part of JSON Schema that ours is written in; anything else in it fails.
    fn is_valid(schema: &Json, root: &Json, value: &Json) -> bool {
        let is_of = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            other => panic!("{other}"),
        };
        let entries = value.as_object();
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        schema
            .as_object()
            .unwrap()
            .iter()
            .all(|(key, rule)| match key.as_str() {
                "$ref" => {
                    let there = rule.as_str().unwrap().trim_start_matches('#');
                    is_valid(root.pointer(there).unwrap(), root, value)
                }
                "type" => match rule {
                    Json::Array(kinds) => kinds.iter().any(|kind| is_of(kind.as_str().unwrap())),
                    kind => is_of(kind.as_str().unwrap()),
                },
                "enum" => rule.as_array().unwrap().contains(value),
                "anyOf" => {
                    let mut rules = rule.as_array().unwrap().iter();
                    rules.any(|rule| is_valid(rule, root, value))
                }
                "not" => !is_valid(rule, root, value),
                "minLength" => value.as_str().is_none_or(|text| !text.is_empty()),
                "exclusiveMinimum" => value.as_f64().is_none_or(|number| number > 0.0),
                "items" => {
                    let items = value.as_array();
                    items.is_none_or(|items| items.iter().all(|item| is_valid(rule, root, item)))
                }
                "required" => entries.is_none_or(|entries| {
                    names(rule).iter().all(|name| entries.contains_key(*name))
                }),
                "properties" => entries.is_none_or(|entries| {
                    let known = entries
                        .iter()
                        .filter_map(|(name, value)| Some((properties.get(name)?, value)));
                    known
                        .into_iter()
                        .all(|(rule, value)| is_valid(rule, root, value))
                }),
                "additionalProperties" => entries.is_none_or(|entries| {
                    let mut others = entries
                        .iter()
                        .filter(|(name, _)| !properties.contains_key(*name));
                    others.all(|(_, value)| match rule {
                        Json::Bool(truth) => *truth,
                        rule => is_valid(rule, root, value),
                    })
                }),
                "propertyNames" => entries.is_none_or(|entries| {
                    entries
                        .keys()
                        .all(|name| is_valid(rule, root, &Json::String(name.clone())))
                }),
                // Patterns are for editors; the reader's own judgement is compared below.
                "pattern" | "default" | "description" | "title" | "$schema" | "$defs" => true,
                other => panic!("{other} is not known to this test"),
            })
    }

    /// Whether the schema lets a text pass; the reader has to be of one mind with it.
    fn check(text: &str, expected: bool) {
        let value: toml::Table = toml::from_str(text).unwrap();
        let value = serde_json::to_value(value).unwrap();
        let schema = schema();
        assert_eq!(is_valid(&schema, &schema, &value), expected, "{text}");
        let (_, problems) = parse(Path::new("speir.toml"), text);
        assert_eq!(problems.is_empty(), expected, "{text}: {problems:?}");
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_keys() {
        let schema = schema();
        for (place, keys) in TABLES {
            let told = schema.pointer(place).unwrap().as_object().unwrap();
            let told = sorted(told.keys().map(String::as_str));
            assert_eq!(told, sorted(keys.iter().copied()), "{place}");
        }
        let formats = Format::value_variants().iter();
        let formats: Vec<_> = formats.filter_map(ValueEnum::to_possible_value).collect();
        assert_eq!(
            names(&schema["$defs"]["source"]["properties"]["format"]["enum"]),
            sorted(formats.iter().map(|format| format.get_name()))
        );
        assert_eq!(
            names(&schema["$defs"]["pack"]["enum"]),
            sorted(vocabulary::pack_names())
        );
        assert_eq!(
            names(&schema["properties"]["fields"]["propertyNames"]["not"]["enum"]),
            sorted(RESERVED)
        );
    }

    #[test]
    fn every_key_is_described_in_the_schema_and_in_the_readme() {
        let schema = schema();
        for (place, keys) in TABLES {
            for key in keys {
                let description = &schema.pointer(place).unwrap()[key]["description"];
                let description = description.as_str().unwrap_or_default();
                assert!(description.ends_with('.'), "{place}: {key} has no sentence");
                assert!(README.contains(&format!("`{key}`")), "README lacks {key}");
            }
        }
    }

    #[test]
    fn the_settings_of_the_example_are_valid() {
        // Read when the test runs, as the example does not travel with the package.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/resource-library");
        check(
            &std::fs::read_to_string(folder.join("speir.toml")).unwrap(),
            true,
        );
    }

    #[test]
    fn the_settings_of_the_readme_are_valid_but_for_files_that_are_not_here() {
        let blocks = README.split("```toml\n").skip(1);
        for block in blocks {
            let text = block.split("```").next().unwrap();
            let without_files: String = text
                .lines()
                .filter(|line| !line.starts_with("synonyms = ") && !line.starts_with("template = "))
                .map(|line| format!("{line}\n"))
                .collect();
            check(&without_files, true);
        }
    }

    #[test]
    fn what_the_reader_refuses_the_schema_refuses() {
        check("", true);
        check("lnag = \"en\"\n", false);
        check("related = \"yes\"\n", false);
        check("vocabulary = \"no-such-pack\"\n", false);
        check("[fields.funder]\nfacets = true\n", false);
        check("[fields.funder]\nweight = 0\n", false);
        check("[fields.funder]\ntype = \"int\"\n", false);
        check("[fields.id]\nfacet = true\n", false);
        check("[[sources]]\nformat = \"csv\"\n", false);
        check("[[sources]]\npath = \"a\"\nformat = \"xml\"\n", false);
        check("[[sources]]\npath = \"a\"\nprecedence = 1.5\n", false);
        check(
            "[[sources]]\npath = \"a\"\n[sources.list]\ntitle = \"h3\"\n",
            false,
        );
        check("[[pins]]\nquery = \"bins\"\n", false);
        check(
            "[[pins]]\nquery = \"bins\"\nrecord = [\"a\", \"b\"]\n",
            true,
        );
    }
}
