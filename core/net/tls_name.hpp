// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/settings.hpp"

struct x509_st;

namespace romp::net {

/// The name in a certificate that is its owner's user name: the common name, or the first
/// alternative name that is a mail address, a host or a URI. Empty: there is none, or it has
/// octets that a name must not have, or more than 256.
std::string name_in(const x509_st& certificate, config::UserFrom from);

}  // namespace romp::net
