use leptos::prelude::*;
use offercast_contract::{FieldProblem, OfferInput};
use offercast_domain::OfferDraft;

use super::convert::input_of;
use super::field::Field;
use crate::api::ApiError;
use crate::browser::focus;
use crate::words::pick;

/// What the form holds while somebody fills it in.
#[derive(Clone, Copy)]
pub struct FormState {
    draft: RwSignal<OfferDraft>,
    /// As it was before anything was typed.
    original: RwSignal<OfferDraft>,
    /// The stored version that is being edited; none for a new offer.
    version: RwSignal<Option<i64>>,
    left: RwSignal<Vec<Field>>,
    servers: RwSignal<Vec<FieldProblem>>,
    pub failure: RwSignal<Option<ApiError>>,
    pub saving: RwSignal<bool>,
}

impl FormState {
    pub fn new(draft: OfferDraft, version: Option<i64>) -> Self {
        FormState {
            original: RwSignal::new(draft.clone()),
            draft: RwSignal::new(draft),
            version: RwSignal::new(version),
            left: RwSignal::new(Vec::new()),
            servers: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            saving: RwSignal::new(false),
        }
    }

    /// Starts over from another stored version.
    pub fn reset(self, draft: OfferDraft, version: i64) {
        self.original.set(draft.clone());
        self.draft.set(draft);
        self.version.set(Some(version));
        self.left.set(Vec::new());
        self.servers.set(Vec::new());
        self.failure.set(None);
    }

    /// Keeps what was typed, now on top of a version that was stored meanwhile.
    pub fn rebase(self, version: i64) {
        self.version.set(Some(version));
        self.failure.set(None);
    }

    /// What was typed is stored: nothing would be lost.
    pub fn saved(self) {
        self.original.set(self.draft.get_untracked());
    }

    pub fn is_dirty(self) -> bool {
        self.draft.with_untracked(|draft| self.original.with_untracked(|original| draft != original))
    }

    pub fn draft<T>(self, read: impl FnOnce(&OfferDraft) -> T) -> T {
        self.draft.with(read)
    }

    pub fn is_new(self) -> bool {
        self.version.with_untracked(Option::is_none)
    }

    /// As it is read in the language of the page: a point is a comma in German.
    pub fn text(self, field: Field) -> String {
        let text = self.draft.with(|draft| field.of(&mut draft.clone()).clone());
        if field.is_decimal() { pick(text.clone(), text.replacen('.', ",", 1)) } else { text }
    }

    /// What the server said about a field is about what it held before.
    pub fn write(self, field: Field, text: String) {
        let text = if field.is_decimal() { pick(text.clone(), text.replacen(',', ".", 1)) } else { text };
        self.draft.update(|draft| *field.of(draft) = text);
        self.servers.update(|problems| problems.retain(|problem| problem.field != field.name()));
    }

    pub fn leave(self, field: Field) {
        if !self.left.with_untracked(|left| left.contains(&field)) {
            self.left.update(|left| left.push(field));
        }
    }

    pub fn problem(self, field: Field) -> Option<String> {
        let left = self.left.read().contains(&field);
        let ours = self.draft.with(OfferDraft::check).err().unwrap_or_default();
        field.problem(left, &ours, &self.servers.read())
    }

    /// The body to send, if all is well; else every field says what is wrong with it.
    pub fn submission(self) -> Option<OfferInput> {
        self.left.set(Field::ALL.to_vec());
        self.servers.set(Vec::new());
        self.failure.set(None);
        let terms = self.draft.with_untracked(OfferDraft::check).ok();
        if terms.is_none() {
            self.show_first_problem();
        }
        terms.map(|terms| input_of(&terms, self.version.get_untracked()))
    }

    pub fn refuse(self, error: ApiError) {
        self.servers.set(error.fields());
        self.failure.set(Some(error));
        self.saving.set(false);
        self.show_first_problem();
    }

    fn show_first_problem(self) {
        let wrong = Field::ALL.into_iter().find(|field| untrack(|| self.problem(*field)).is_some());
        if let Some(field) = wrong {
            focus(&field.id());
        }
    }
}
