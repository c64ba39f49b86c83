// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/container/small_vector.hpp>

#include "plugin/gateway.hpp"
#include "plugin/instance.hpp"

namespace romp::plugin {

/// A message as a plugin passed it in, checked. Views of the plugin's memory: good for the call.
class Message {
 public:
  /// ROMP_E_INVAL, ROMP_E_TOOBIG. `function` is for the log.
  romp_status read(Instance& self, const char* function, const romp_message* given);

  /// For the gateway. `natural` is the command where the plugin left that open.
  Outgoing outgoing(stomp::Command natural) const;

 private:
  romp_status read_headers(const Instance& self, const romp_message& given);
  romp_status read_body(Instance& self, const romp_message& given);

  std::uint32_t command_ = 0;
  boost::container::small_vector<stomp::Header, 16> headers_;
  std::string_view destination_;
  std::string_view body_;
  base::Ptr<base::Shared> body_owner_;
};

}  // namespace romp::plugin
