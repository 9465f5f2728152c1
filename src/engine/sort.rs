//! Sorting in place, in few bytes.
//!
//! The standard library's sorts are faster, but weigh 4 KB for every type that is sorted, and what is sorted here is short,
//! or sorted seldom.

/// Sorts by a key, smallest first: a heap sort. Keys that are equal, or cannot be compared, come out in any order.
pub fn sort_by_key<T, K: PartialOrd>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort(items, &mut |one, other| key(one) < key(other));
}

/// Sorts by what comes before what. Of which neither comes first, that comes out in any order.
pub fn sort<T>(items: &mut [T], is_before: &mut impl FnMut(&T, &T) -> bool) {
    // The largest of the unsorted ones in front comes first, once all of them are a heap; it goes to their end.
    let (mut root, mut end) = (items.len() / 2, items.len());
    while end > 1 {
        if root > 0 {
            root -= 1;
        } else {
            end -= 1;
            items.swap(0, end);
        }
        let mut parent = root;
        while 2 * parent + 1 < end {
            let left = 2 * parent + 1;
            let is_right = left + 1 < end && is_before(&items[left], &items[left + 1]);
            let child = left + usize::from(is_right);
            if !is_before(&items[parent], &items[child]) {
                break;
            }
            items.swap(parent, child);
            parent = child;
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(mut numbers in prop::collection::vec(0_u64..100, 0..50)) {
            let mut theirs = numbers.clone();
            theirs.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
            sort_by_key(&mut numbers, |number| std::cmp::Reverse(*number));
            assert_eq!(numbers, theirs);
        }
    }
}
