# SPDX-License-Identifier: Apache-2.0
# Build-Depends: dh-sequence-romp adds dh_romp to what dh does.
use strict;
use warnings;

use Debian::Debhelper::Dh_Lib;

insert_after('dh_shlibdeps', 'dh_romp');

1;
