use leptos::prelude::*;
use offercast_contract::{FieldProblem, OfferInput};
use offercast_domain::OfferDraft;

use super::convert::input_of;
use super::field::Field;
use crate::api::ApiError;
use crate::browser::focus;
use crate::i18n::pick;

/// The state of the form while it is edited.
#[derive(Clone, Copy)]
pub struct FormState {
    draft: RwSignal<OfferDraft>,
    /// The draft before any edit.
    original: RwSignal<OfferDraft>,
    /// The edited version. `None` for a new offer.
    version: RwSignal<Option<i64>>,
    touched: RwSignal<Vec<Field>>,
    server_problems: RwSignal<Vec<FieldProblem>>,
    pub failure: RwSignal<Option<ApiError>>,
    pub saving: RwSignal<bool>,
}

impl FormState {
    pub fn new(draft: OfferDraft, version: Option<i64>) -> Self {
        FormState {
            original: RwSignal::new(draft.clone()),
            draft: RwSignal::new(draft),
            version: RwSignal::new(version),
            touched: RwSignal::new(Vec::new()),
            server_problems: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            saving: RwSignal::new(false),
        }
    }

    /// Discards all edits and starts from another version.
    pub fn reset(self, draft: OfferDraft, version: i64) {
        self.original.set(draft.clone());
        self.draft.set(draft);
        self.version.set(Some(version));
        self.touched.set(Vec::new());
        self.server_problems.set(Vec::new());
        self.failure.set(None);
    }

    /// Keeps the edits on top of a newer version.
    pub fn rebase(self, version: i64) {
        self.version.set(Some(version));
        self.failure.set(None);
    }

    /// Marks the edits as saved.
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

    /// The text of a field, with a decimal comma in German.
    pub fn text(self, field: Field) -> String {
        let text = self.draft.with(|draft| field.of(&mut draft.clone()).clone());
        if field.is_decimal() { pick(text.clone(), text.replacen('.', ",", 1)) } else { text }
    }

    /// Sets the text of a field and removes its server error, which refers to the old value.
    pub fn write(self, field: Field, text: String) {
        let text = if field.is_decimal() { pick(text.clone(), text.replacen(',', ".", 1)) } else { text };
        self.draft.update(|draft| *field.of(draft) = text);
        self.server_problems.update(|problems| problems.retain(|problem| problem.field != field.name()));
    }

    pub fn touch(self, field: Field) {
        if !self.touched.with_untracked(|touched| touched.contains(&field)) {
            self.touched.update(|touched| touched.push(field));
        }
    }

    pub fn problem(self, field: Field) -> Option<String> {
        let touched = self.touched.read().contains(&field);
        let local = self.draft.with(OfferDraft::check).err().unwrap_or_default();
        field.problem(touched, &local, &self.server_problems.read())
    }

    /// The request body. If a field is invalid, shows all errors and returns `None`.
    pub fn submission(self) -> Option<OfferInput> {
        self.touched.set(Field::ALL.to_vec());
        self.server_problems.set(Vec::new());
        self.failure.set(None);
        let terms = self.draft.with_untracked(OfferDraft::check).ok();
        if terms.is_none() {
            self.show_first_problem();
        }
        terms.map(|terms| input_of(&terms, self.version.get_untracked()))
    }

    pub fn show_error(self, error: ApiError) {
        self.server_problems.set(error.fields());
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
