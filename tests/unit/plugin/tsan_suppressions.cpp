// SPDX-License-Identifier: Apache-2.0

// glibc guards its time zone with a lock of its own, which the sanitizer cannot see; glog asks for
// the time zone with every line.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:tzset_internal\n"; }
