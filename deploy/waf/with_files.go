//go:build !no_fs_access

package main

// Without the tag Coraza writes uploads and large bodies to files. What people write to a model has no business on a disk,
// so that nothing is built without it.
const _ = build_with_the_tag_no_fs_access
