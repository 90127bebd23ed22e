use leptos::prelude::*;

use super::Skeleton;

/// The title of a page, a line about it, and its main action.
#[component]
pub fn PageHead(
    title: &'static str,
    lead: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="page-lead">{lead}</p>
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// Placeholder of a list that is loading.
#[component]
pub fn ListSkeleton(label: &'static str) -> impl IntoView {
    let row = || view! { <div class="skeleton-row"><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i></div> };
    view! { <Skeleton label><div class="card">{(0..4).map(|_| row()).collect_view()}</div></Skeleton> }
}
