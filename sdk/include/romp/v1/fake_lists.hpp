// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by romp/fake_host.hpp only: the interfaces that list what a broker has.

namespace romp {

/// Copies a row to the plugin, who says how much of it is known there.
template <class T>
romp_status fake_fill(T* out, T row) {
  if (!out || out->size < sizeof row.size) return ROMP_E_INVAL;
  row.size = out->size < sizeof row ? out->size : static_cast<std::uint32_t>(sizeof row);
  std::memcpy(out, &row, row.size);
  return ROMP_OK;
}

/// Lists are pictures: what was listed does not change until it is given back.
struct fake_lists {
  using host_ptr = const romp_host*;
  static constexpr std::size_t most = 16;

  static romp_str str(const std::string& s) { return {s.data(), s.size()}; }

  template <class Row>
  static romp_status add(fake_host& host, std::vector<Row> rows, romp_list_id* out,
                         std::uint64_t* count) {
    if (!out || !count) return ROMP_E_INVAL;
    if (host.lists_.size() >= most) return ROMP_E_AGAIN;
    *count = rows.size();
    *out = ++host.last_id_;
    host.lists_[*out] = std::move(rows);
    return ROMP_OK;
  }
  template <class Row, class Out, class Show>
  static romp_status at(host_ptr h, std::uint64_t capability, romp_list_id list,
                        std::uint64_t index, Out* out, Show&& show) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(capability); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto found = host.lists_.find(list);
    const auto* rows =
        found == host.lists_.end() ? nullptr : std::any_cast<std::vector<Row>>(&found->second);
    if (!rows) return ROMP_E_GONE;
    if (index >= rows->size()) return ROMP_E_NOTFOUND;
    return fake_fill(out, show((*rows)[static_cast<std::size_t>(index)]));
  }
  static romp_status release(host_ptr h, romp_list_id list) {
    fake_host& host = fake_host::self(h);
    const std::lock_guard<std::mutex> lock(host.mutex_);
    return host.lists_.erase(list) != 0 ? ROMP_OK : ROMP_E_GONE;
  }
};

struct fake_destinations_table : fake_lists {
  static romp_destination shown(const fake_destination& d) {
    romp_destination row = d.counts;
    row.size = sizeof row;
    row.flags = d.flags;
    row.name = str(d.name);
    return row;
  }
  static romp_status list(host_ptr h, romp_str prefix, romp_list_id* out, std::uint64_t* count) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(0); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    std::vector<fake_destination> rows;
    for (const fake_destination& d : host.destinations) {
      if (d.name.compare(0, prefix.len, fake_text(prefix)) == 0) rows.push_back(d);
    }
    std::sort(rows.begin(), rows.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return add(host, std::move(rows), out, count);
  }
  static romp_status at(host_ptr h, romp_list_id id, std::uint64_t index, romp_destination* out) {
    return fake_lists::at<fake_destination>(h, 0, id, index, out, shown);
  }
  static romp_status get(host_ptr h, romp_str name, romp_destination* out) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(0); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    for (const fake_destination& d : host.destinations) {
      if (d.name != fake_text(name)) continue;
      romp_destination row = shown(d);
      row.name = name;
      return fake_fill(out, row);
    }
    return ROMP_E_NOTFOUND;
  }
  static romp_status purge(host_ptr h, romp_str name, std::uint64_t* count) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_ADMIN); s != ROMP_OK) return s;
    if (!count) return ROMP_E_INVAL;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    for (fake_destination& d : host.destinations) {
      if (d.name != fake_text(name)) continue;
      *count = std::exchange(d.counts.waiting, 0);
      host.purged.push_back(d.name);
      return ROMP_OK;
    }
    return ROMP_E_NOTFOUND;
  }
  static const void* table() {
    static constexpr romp_destinations all{sizeof all, 0, &list, &at, &release, &get, &purge};
    return &all;
  }
};

struct fake_sessions_table : fake_lists {
  using entry = std::pair<romp_session_id, fake_session>;

  static std::vector<entry> of(const fake_host& host, romp_str user) {
    std::vector<entry> rows;
    for (const auto& [id, session] : host.sessions_) {
      if (!user.data || session.user == fake_text(user)) rows.emplace_back(id, session);
    }
    return rows;
  }
  static romp_status list(host_ptr h, romp_str user, romp_list_id* out, std::uint64_t* count) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_SESSIONS); s != ROMP_OK) return s;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    return add(host, of(host, user), out, count);
  }
  static romp_status at(host_ptr h, romp_list_id id, std::uint64_t index, romp_session* out) {
    return fake_lists::at<entry>(h, ROMP_CAP_SESSIONS, id, index, out, [](const entry& e) {
      romp_session row{};
      row.size = sizeof row;
      row.transport = e.second.transport;
      row.id = e.first;
      row.flags = e.second.flags;
      row.user = str(e.second.user);
      row.remote = str(e.second.remote);
      row.since_ns = e.second.since_ns;
      return row;
    });
  }
  static romp_status close_user(host_ptr h, romp_str user, std::uint32_t how, romp_str,
                                std::uint64_t* count) {
    fake_host& host = fake_host::self(h);
    if (const romp_status s = host.may_use(ROMP_CAP_SESSIONS); s != ROMP_OK) return s;
    if (!user.data || how > ROMP_CLOSE_NOW || !count) return ROMP_E_INVAL;
    const std::lock_guard<std::mutex> lock(host.mutex_);
    const auto told = of(host, user);
    for (const entry& e : told) host.closed.push_back(e.first);
    *count = told.size();
    return ROMP_OK;
  }
  static const void* table() {
    static constexpr romp_sessions all{sizeof all, 0, &list, &at, &release, &close_user};
    return &all;
  }
};

}  // namespace romp
