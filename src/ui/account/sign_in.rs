//! The form that signs in: it creates a profile or edits one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    api::{
        Mode, RequestId,
        account::{
            Api, Environment, EnvironmentKind, Profile, Secret, Store, is_client_id,
            is_profile_name,
        },
    },
    domain::{text::SafeText, time::Timestamp},
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        widget::secret_box::SecretBox,
    },
};

use super::{commands, sign_in_view};

/// The environment to sign in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInTarget {
    /// A vendor environment.
    Vendor(Environment),
    /// The embedded simulator, which needs no key.
    Demo,
    /// Two custom addresses.
    Urls,
}

impl SignInTarget {
    /// The choices.
    pub const ALL: [Self; 4] = [
        Self::Vendor(Environment::Production),
        Self::Vendor(Environment::Staging),
        Self::Demo,
        Self::Urls,
    ];

    /// Returns the words on the form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vendor(environment) => environment.label(),
            Self::Demo => "demo data",
            Self::Urls => "own URLs",
        }
    }
}

/// The store of the secret, in the form's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// In memory.
    Session,
    /// In the keyring of the operating system.
    Keyring,
    /// In the kernel's keyring.
    Kernel,
    /// A program prints it.
    Command,
    /// In the environment.
    Environment,
}

impl Keep {
    /// The choices.
    pub const ALL: [Self; 5] =
        [Self::Session, Self::Keyring, Self::Kernel, Self::Command, Self::Environment];

    /// Those that can be tried out beforehand.
    pub const PROBED: [Store; 2] = [Store::Keyring, Store::Kernel];

    const fn for_store(store: &Store) -> Self {
        match store {
            Store::Session => Self::Session,
            Store::Keyring => Self::Keyring,
            Store::Kernel => Self::Kernel,
            Store::Command(_) => Self::Command,
            Store::Environment => Self::Environment,
        }
    }
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The environment to sign in to.
    At,
    /// The API's address.
    ApiUrl,
    /// The URL that issues its tokens.
    TokenUrl,
    /// The name of the profile.
    Name,
    /// The client id.
    ClientId,
    /// The client secret.
    Secret,
    /// The store of the secret.
    Keep,
    /// The program that prints it.
    Command,
    /// Read-only or read-write.
    Mode,
}

/// The form's state.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The field that takes the keys.
    pub focus: Field,
    /// The environment to sign in to.
    pub at: SignInTarget,
    /// The store of the secret.
    pub keep: Keep,
    /// Whether keys may be created.
    pub mode: Mode,
    /// The secret, as far as it is typed.
    pub secret: SecretBox,
    /// The state of each store, as far as known.
    pub stores: BTreeMap<Keep, Result<(), SafeText>>,
    /// The request that tries the pair, while it is tried.
    pub trying: Option<RequestId>,
    /// The start of the sign-in.
    pub since: Timestamp,
    /// The result of the last attempt, or the reason why this form opened.
    pub remark: Option<SafeText>,
    /// Whether Enter was pressed: from then on errors are shown.
    pub tried: bool,
    /// The profile it edits, whose name cannot change.
    pub edits: Option<String>,
    /// Whether its secret is stored already, and needs no typing.
    pub kept: bool,
    /// The authority of the profile it edits, which stays.
    ca_file: Option<PathBuf>,
    /// The fields the user has decided: proposals no longer change them.
    decided: BTreeSet<Field>,
    texts: [Input; 5],
}

impl SignIn {
    /// Returns an empty form, for an API where one was named.
    pub fn new(api: Option<&Api>) -> Self {
        let mut form = Self {
            focus: Field::At,
            at: SignInTarget::ALL[0],
            keep: Keep::Keyring,
            mode: Mode::ReadOnly,
            secret: SecretBox::default(),
            stores: BTreeMap::new(),
            trying: None,
            since: Timestamp::from_millis(0),
            remark: None,
            tried: false,
            edits: None,
            ca_file: None,
            kept: false,
            decided: BTreeSet::new(),
            texts: Default::default(),
        };
        if let Some(api) = api {
            form.point_at(api);
        }
        form.propose_a_name();
        form
    }

    /// Returns the form of a profile, with the focus where something is likely to
    /// change.
    pub fn edit(profile: &Profile) -> Self {
        let mut form = Self::new(Some(&profile.api));
        form.decided.extend([Field::Name, Field::Keep]);
        form.kept = profile.store.keeps();
        form.edits = Some(profile.name.clone());
        (form.mode, form.keep) = (profile.mode, Keep::for_store(&profile.store));
        form.ca_file.clone_from(&profile.ca_file);
        form.set(Field::Name, &profile.name);
        form.set(Field::ClientId, profile.client_id.as_deref().unwrap_or_default());
        if let Store::Command(words) = &profile.store {
            form.set(Field::Command, &words.join(" "));
        }
        form.focus = if profile.store.keeps() { Field::Secret } else { Field::Keep };
        form
    }

    fn point_at(&mut self, api: &Api) {
        let offered = |one: &SignInTarget| matches!((one, api), (SignInTarget::Vendor(a), Api::Environment(b)) if a == b);
        if let Some(at) = SignInTarget::ALL.into_iter().find(offered) {
            self.at = at;
            return;
        }
        match api {
            Api::Environment(environment) => self.at = SignInTarget::Vendor(*environment),
            Api::Urls(api, token) => {
                self.at = SignInTarget::Urls;
                self.set(Field::ApiUrl, api);
                self.set(Field::TokenUrl, token);
            }
        }
    }

    fn propose_a_name(&mut self) {
        if !self.decided.contains(&Field::Name) {
            let name = match self.at {
                SignInTarget::Vendor(environment) => environment.label(),
                SignInTarget::Demo | SignInTarget::Urls => "custom",
            };
            self.set(Field::Name, name);
        }
    }

    /// Returns the fields that are shown, top to bottom.
    pub fn fields(&self) -> Vec<Field> {
        if self.at == SignInTarget::Demo {
            return vec![Field::At];
        }
        let mut fields = vec![Field::At];
        if self.at == SignInTarget::Urls {
            fields.extend([Field::ApiUrl, Field::TokenUrl]);
        }
        if self.edits.is_none() {
            fields.push(Field::Name);
        }
        fields.push(Field::ClientId);
        if self.takes_a_secret() {
            fields.push(Field::Secret);
        }
        fields.push(Field::Keep);
        if self.keep == Keep::Command {
            fields.push(Field::Command);
        }
        fields.push(Field::Mode);
        fields
    }

    /// Returns whether the secret is typed here.
    pub const fn takes_a_secret(&self) -> bool {
        matches!(self.keep, Keep::Session | Keep::Keyring | Keep::Kernel)
    }

    /// Returns whether text is typed into the field with the focus.
    pub const fn is_on_text(&self) -> bool {
        slot(self.focus).is_some() || matches!(self.focus, Field::Secret)
    }

    /// Returns the text field's state; `None` for one without text.
    pub fn input(&self, field: Field) -> Option<&Input> {
        slot(field).map(|slot| &self.texts[slot])
    }

    /// Returns the text of a field, without blanks around it.
    pub fn text(&self, field: Field) -> &str {
        self.input(field).map_or("", |input| input.value().trim())
    }

    fn set(&mut self, field: Field, text: &str) {
        if let Some(slot) = slot(field) {
            self.texts[slot] = Input::new(text.to_owned());
        }
    }

    /// Types into the field with the focus.
    pub fn type_into_field(&mut self, request: InputRequest) {
        self.decided.insert(self.focus);
        match slot(self.focus) {
            Some(slot) => drop(self.texts[slot].handle(request)),
            None if self.focus == Field::Secret => self.secret.type_in(request),
            None => {}
        }
    }

    /// Moves the focus to the next field, or the previous one, round the ends.
    pub fn step(&mut self, forward: bool) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { fields.len() - 1 };
        self.focus = fields[(at + by) % fields.len()];
    }

    /// Changes the choice with the focus.
    pub fn choose(&mut self, forward: bool) {
        match self.focus {
            Field::At => {
                self.at = next(&SignInTarget::ALL, self.at, forward);
                self.propose_a_name();
            }
            Field::Keep => {
                self.keep = next(&Keep::ALL, self.keep, forward);
                self.decided.insert(Field::Keep);
            }
            Field::Mode => {
                self.mode = match self.mode {
                    Mode::ReadOnly => Mode::ReadWrite,
                    Mode::ReadWrite => Mode::ReadOnly,
                };
            }
            _ => {}
        }
    }

    /// Notes the state of a store. A missing keyring is not proposed, unless the user
    /// chose it.
    pub fn probed(&mut self, store: &Store, found: Result<(), SafeText>) {
        let keep = Keep::for_store(store);
        if found.is_err() && keep == self.keep && !self.decided.contains(&Field::Keep) {
            self.keep = Keep::Session;
        }
        self.stores.insert(keep, found);
    }

    /// Returns the errors in the visible fields.
    pub fn faults(&self) -> Vec<(Field, &'static str)> {
        let wrong = |field: &Field| {
            let text = self.text(*field);
            let says = match field {
                Field::Name if !is_profile_name(text) => "letters, digits, . - _",
                Field::ClientId if text.is_empty() && self.keep == Keep::Environment => {
                    return None;
                }
                Field::ClientId if !is_client_id(text) => {
                    "the API key's client id, without \
                    spaces"
                }
                Field::ApiUrl | Field::TokenUrl if text.is_empty() => "an https address",
                Field::Secret if self.secret.is_too_long() => "too long; Ctrl-U clears it",
                Field::Secret if self.secret.is_empty() && !self.kept => "the API key's secret",
                Field::Command if !text.starts_with('/') => "an absolute path, then arguments",
                _ => return None,
            };
            Some((*field, says))
        };
        self.fields().iter().filter_map(wrong).collect()
    }

    /// Returns the errors to show: all of them once Enter was pressed, before that only
    /// a secret that is too long, since it is hidden from the user.
    pub fn shown_faults(&self) -> Vec<(Field, &'static str)> {
        let shows = |field: Field| field == Field::Secret && self.secret.is_too_long();
        self.faults().into_iter().filter(|(field, _)| self.tried || shows(*field)).collect()
    }

    /// Puts the focus on the first field that is wrong; whether there is one.
    pub fn go_to_fault(&mut self) -> bool {
        self.tried = true;
        let Some(&(field, _)) = self.faults().first() else { return false };
        self.focus = field;
        true
    }

    /// Returns the form's contents as a profile and its secret. A form that edits a
    /// profile may leave the secret as it is.
    pub fn profile(&self) -> (Profile, Option<Secret>) {
        let owned = |field| self.text(field).to_owned();
        let api = match self.at {
            SignInTarget::Vendor(environment) => Api::Environment(environment),
            SignInTarget::Demo | SignInTarget::Urls => {
                Api::Urls(owned(Field::ApiUrl), owned(Field::TokenUrl))
            }
        };
        let words = || self.text(Field::Command).split_whitespace().map(str::to_owned).collect();
        let store = match self.keep {
            Keep::Session => Store::Session,
            Keep::Keyring => Store::Keyring,
            Keep::Kernel => Store::Kernel,
            Keep::Command => Store::Command(words()),
            Keep::Environment => Store::Environment,
        };
        let client_id = Some(owned(Field::ClientId)).filter(|id| !id.is_empty());
        let (mode, ca_file) = (self.mode, self.ca_file.clone());
        let profile = Profile { name: owned(Field::Name), api, client_id, store, mode, ca_file };
        (profile, self.secret.secret().filter(|_| self.takes_a_secret()))
    }

    /// Returns the environment shown in the frame of the form.
    pub const fn environment(&self) -> EnvironmentKind {
        match self.at {
            SignInTarget::Vendor(environment) => EnvironmentKind::Vendor(environment),
            SignInTarget::Demo => EnvironmentKind::Demo,
            SignInTarget::Urls => EnvironmentKind::Custom,
        }
    }
}

const fn slot(field: Field) -> Option<usize> {
    match field {
        Field::ApiUrl => Some(0),
        Field::TokenUrl => Some(1),
        Field::Name => Some(2),
        Field::ClientId => Some(3),
        Field::Command => Some(4),
        Field::At | Field::Secret | Field::Keep | Field::Mode => None,
    }
}

fn next<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let at = all.iter().position(|one| *one == now).unwrap_or(0);
    let by = if forward { 1 } else { all.len() - 1 };
    all[(at + by) % all.len()]
}

impl Modal for SignIn {
    fn scope(&self) -> &'static Scope {
        &commands::SIGN_IN
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        sign_in_view::draw(model, self, buffer)
    }

    fn is_typing(&self) -> bool {
        self.is_on_text() && self.trying.is_none()
    }

    fn type_in(&mut self, request: InputRequest) {
        self.type_into_field(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(form: &mut SignIn, field: Field, text: &str) {
        form.focus = field;
        form.type_in(InputRequest::DeleteLine);
        text.chars().for_each(|c| form.type_in(InputRequest::InsertChar(c)));
    }

    #[test]
    fn a_store_that_is_not_there_is_not_proposed_but_can_be_chosen() {
        let mut form = SignIn::new(None);
        form.probed(&Store::Keyring, Err("no bus".into()));
        assert_eq!(form.keep, Keep::Session);
        let mut chosen = SignIn::new(None);
        chosen.focus = Field::Keep;
        chosen.choose(false);
        chosen.choose(true);
        chosen.probed(&Store::Keyring, Err("no bus".into()));
        assert_eq!(chosen.keep, Keep::Keyring);
    }

    #[test]
    fn the_name_follows_the_environment_until_it_is_typed() {
        let mut form = SignIn::new(None);
        form.choose(true);
        assert_eq!(form.text(Field::Name), "staging");
        typed(&mut form, Field::Name, "lab");
        form.focus = Field::At;
        form.choose(false);
        assert_eq!((form.text(Field::Name), form.at), ("lab", SignInTarget::ALL[0]));
    }

    #[test]
    fn enter_goes_to_the_first_field_that_is_wrong() {
        let mut form = SignIn::new(None);
        assert!(form.go_to_fault());
        assert_eq!(form.focus, Field::ClientId);
        typed(&mut form, Field::ClientId, "an-id");
        assert!(form.go_to_fault());
        assert_eq!(form.focus, Field::Secret);
        typed(&mut form, Field::Secret, " canary ");
        assert!(!form.go_to_fault());
        let (profile, secret) = form.profile();
        assert_eq!((profile.name.as_str(), secret), ("production", Some(Secret::new("canary"))));
    }

    #[test]
    fn an_edited_profile_keeps_its_name_and_may_keep_its_secret() {
        let profile = Profile {
            name: "lab".into(),
            api: Api::Environment(Environment::Development),
            client_id: Some("an-id".into()),
            store: Store::Keyring,
            mode: Mode::ReadWrite,
            ca_file: Some("/etc/ssl/corp.pem".into()),
        };
        let mut form = SignIn::edit(&profile);
        assert!(!form.fields().contains(&Field::Name) && !form.go_to_fault());
        assert_eq!(form.profile(), (profile, None));
    }

    #[test]
    fn a_command_is_split_at_its_blanks_and_takes_no_typed_secret() {
        let mut form = SignIn::new(None);
        typed(&mut form, Field::Secret, "typed before");
        form.keep = Keep::Command;
        typed(&mut form, Field::Command, "op read");
        assert!(form.faults().iter().any(|(field, _)| *field == Field::Command));
        typed(&mut form, Field::Command, "/usr/bin/op read  x");
        let words = ["/usr/bin/op", "read", "x"].map(str::to_owned).to_vec();
        let (profile, secret) = form.profile();
        assert_eq!((profile.store, secret), (Store::Command(words), None));
    }
}
