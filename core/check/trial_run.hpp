// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "check/trial.hpp"

namespace romp::check {

/// The letters before what the process tells.
namespace told {
inline constexpr char step = 's';
inline constexpr char error = 'e';
inline constexpr char warning = 'w';
inline constexpr char note = 'n';
inline constexpr char key = 'k';
inline constexpr char filter = 'f';
inline constexpr char figure = 'b';
inline constexpr char end = '.';
}  // namespace told

/// What the process is to do, as it reads it on standard input.
std::string text_of_order(const std::filesystem::path& file, const Wishes& wishes);

}  // namespace romp::check
