// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace romp::support {

/// Signs certificates for tests, with keys of P-256. One thread.
class Authority {
 public:
  explicit Authority(const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// Its own certificate, as PEM.
  std::string certificate() const;

  struct Wish {
    std::string common_name;
    std::string alternative_names{};  ///< "DNS:a, email:b@c"; empty: none
    int days = 30;                    ///< below 0: it has ended
  };
  /// Certificate and key, as PEM. Remembers it for `revocations`.
  std::string issue(const Wish& wish);
  /// A list of those that are revoked, by the order of `issue`.
  std::string revocations(const std::vector<long>& numbers) const;

 private:
  evp_pkey_st* key_;
  x509_st* certificate_;
  long last_ = 0;
};

}  // namespace romp::support
