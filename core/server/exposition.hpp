// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace romp::server {

/// Numbers in the text format of Prometheus, version 0.0.4. A family is begun, then its samples
/// follow.
class Exposition {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// `type` is counter, gauge or histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A sample of that family; `suffix` is for histograms.
  void sample(Labels labels, double value, std::string_view suffix = {});
  void sample(Labels labels, std::uint64_t value, std::string_view suffix = {});
  /// A family of one sample without labels.
  void single(std::string_view name, std::string_view type, std::string_view help,
              std::uint64_t value);

  std::string take() { return std::move(text_); }

 private:
  void begin_sample(Labels labels, std::string_view suffix);

  std::string text_;
  std::string name_;
};

}  // namespace romp::server
