//! Enums whose values go by a name in files, on the command line and on screen. `named!` declares such an enum, so that
//! its values, their keys, labels and explanations stand in one list.

/// An enum that `named!` declares. The same methods are there without the trait, `key` and `label` also as `const fn`.
pub trait Named: Copy + PartialEq + 'static {
    /// Every value, in the order in which they are offered.
    const ALL: &'static [Self];

    /// The word for it in files and on the command line.
    fn key(self) -> &'static str;

    /// Its name on screen.
    fn label(self) -> &'static str;

    /// A sentence that explains it to the user.
    fn help(self) -> &'static str;
}

/// Declares an enum with a key and a label for each value; the doc comment of a value is also the sentence that explains it
/// to the user.
///
/// ```text
/// named! {
///     /// Which way the network turns.
///     #[derive(Clone, Copy, Debug, PartialEq, Eq)]
///     pub enum Turn {
///         /// Counter-clockwise, as seen from above.
///         Left => "left", "To the left";
///         /// Clockwise, as seen from above.
///         Right => "right", "To the right";
///     }
/// }
/// ```
///
/// makes `Turn::ALL`, `Turn::from_key("left")`, and `key`, `label` and `help` of a value.
macro_rules! named {
    (
        $(#[$outer:meta])*
        $visible:vis enum $name:ident {
            $( $(#[doc = $help:literal])+ $value:ident $(= $number:literal)? => $key:literal, $label:literal; )+
        }
    ) => {
        $(#[$outer])*
        $visible enum $name {
            $( $(#[doc = $help])+ $value $(= $number)?, )+
        }

        impl $name {
            /// Every value, in the order in which they are offered.
            pub const ALL: [Self; [$($key),+].len()] = [$(Self::$value),+];

            /// The word for it in files and on the command line.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$value => $key,)+
                }
            }

            /// Its name on screen.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$value => $label,)+
                }
            }

            /// A sentence that explains it to the user.
            pub fn help(self) -> &'static str {
                match self {
                    $(Self::$value => concat!($($help),+).trim_ascii_start(),)+
                }
            }

            /// The value of this key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.key() == key)
            }
        }

        impl $crate::named::Named for $name {
            const ALL: &'static [Self] = &Self::ALL;

            fn key(self) -> &'static str {
                Self::key(self)
            }

            fn label(self) -> &'static str {
                Self::label(self)
            }

            fn help(self) -> &'static str {
                Self::help(self)
            }
        }
    };
}
pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::Named;

    named! {
        /// Which way the network turns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Turn {
            /// Counter-clockwise,
            /// as seen from above.
            Left => "left", "To the left";
            /// Clockwise.
            Right => "right", "To the right";
        }
    }

    #[test]
    fn a_value_has_its_key_its_label_and_its_doc_comment_as_help() {
        assert_eq!(Turn::ALL, [Turn::Left, Turn::Right]);
        assert_eq!(
            (Turn::Right.key(), Turn::Right.label(), Turn::Right.help()),
            ("right", "To the right", "Clockwise.")
        );
        assert_eq!(Turn::Left.help(), "Counter-clockwise, as seen from above.");
        assert_eq!([Turn::from_key("left"), Turn::from_key("up")], [Some(Turn::Left), None]);
    }

    #[test]
    fn the_trait_says_the_same() {
        fn said<T: Named>() -> Vec<[&'static str; 3]> {
            T::ALL.iter().map(|v| [v.key(), v.label(), v.help()]).collect()
        }
        assert_eq!(said::<Turn>(), Turn::ALL.map(|v| [v.key(), v.label(), v.help()]));
    }
}
