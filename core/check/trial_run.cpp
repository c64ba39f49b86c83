// SPDX-License-Identifier: Apache-2.0
#include "check/trial_run.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <sstream>
#include <thread>

#include "base/log.hpp"
#include "check/corpus.hpp"
#include "check/trial_gateway.hpp"
#include "plugin/child_process.hpp"
#include "plugin/description.hpp"
#include "plugin/instance.hpp"
#include "plugin/keys.hpp"
#include "plugin/library.hpp"
#include "plugin/plan.hpp"

namespace romp::check {
namespace {

using plugin::Instance;

constexpr int cycles = 1000;
constexpr unsigned random_frames = 200;
constexpr unsigned threads = 8;
constexpr unsigned frames_a_thread = 5000;
constexpr std::chrono::seconds long_enough{5};  // where a filter does much for each frame
constexpr int bench_calls = 1'000'000;

void tell(char what, const std::string& text) {
  std::string line{what, ' '};
  for (const char c : text) line += c == '\n' ? ' ' : c;
  line += '\n';
  if (::write(plugin::told_descriptor, line.data(), line.size()) < 0) _exit(2);
}

/// What the host has to say meanwhile is no news.
class Silence {
 public:
  Silence() : kept_(::dup(STDERR_FILENO)), nowhere_(::open("/dev/null", O_WRONLY | O_CLOEXEC)) {
    ::dup2(nowhere_, STDERR_FILENO);
  }
  ~Silence() {
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
    ::close(nowhere_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  const int kept_;
  const int nowhere_;
};

/// Everything that is done with one loaded plugin.
class Run {
 public:
  Run(const romp_plugin& descriptor, const Wishes& wishes)
      : descriptor_(descriptor),
        wishes_(wishes),
        declared_(descriptor.config_keys, descriptor.config_key_count) {
    section_.name = descriptor.id;
    for (const auto& [key, text] : wishes.settings) section_.values[key] = {text, "", 0};
  }

  void all() {
    if (wishes_.keys) list_keys();
    for (const auto& key : declared_) invent(key);
    if (const auto refusal = plugin::refusal_of_needs(descriptor_); !refusal.empty()) {
      return tell(told::error, refusal);
    }
    std::vector<std::string> problems;
    config_ = plugin::read_keys(declared_, section_.name, &section_, problems);
    for (const auto& problem : problems) tell(told::error, problem);
    if (!problems.empty() || !create_and_destroy()) return;
    break_keys();
    look_for_leaks();
    live();
  }

 private:
  void list_keys() const {
    for (const auto& key : declared_) {
      const bool secret = std::string_view(key.type) == "secret";
      const auto* fallback = key.fallback;
      tell(told::key, std::string(key.name) + " (" + key.type + ", " +
                          (fallback == nullptr ? "required"
                           : secret            ? "has a default"
                                               : "default " + std::string(fallback)) +
                          "): " + (key.help == nullptr ? "" : key.help));
    }
  }

  /// A value for a key that has none.
  void invent(const romp_config_key& key) {
    if (key.fallback != nullptr || section_.values.contains(key.name)) return;
    const std::string_view type = key.type;
    const std::string value = type == "duration" ? "1s"
                              : type == "size"   ? "1KiB"
                              : type == "bool"   ? "no"
                                                 : "1";
    section_.values[key.name] = {value, "", 0};
    tell(told::note, std::string("key ") + key.name + " is required: tried with " + value);
  }

  std::unique_ptr<Instance> make(const romp_plugin& descriptor, romp_config config) {
    plugin::Environment environment{gateway_, deferrals_};
    environment.start_timeout = environment.stop_timeout = {};
    environment.most_headers = 2 * Corpus::many_headers;
    return std::make_unique<Instance>(descriptor,
                                      Instance::Setup{section_.name,
                                                      0,
                                                      descriptor.capabilities,
                                                      std::chrono::hours(1),
                                                      std::move(config),
                                                      config::OnFault::reject,
                                                      {.limit = 0}},
                                      environment);
  }

  bool create_and_destroy() {
    tell(told::step, "create");
    auto instance = make(descriptor_, config_);
    const auto text = instance->create();
    if (!text.empty()) {
      tell(told::error, text);
      return false;
    }
    tell(told::step, "destroy");
    instance->destroy();
    return true;
  }

  /// Texts that an operator may write by mistake: create must say no, or do without.
  void break_keys() {
    const Silence expected;
    const std::array<std::string, 4> odd{"", std::string(100'000, 'x'), "\xff\xfe", "%n%s%n(["};
    for (std::size_t i = 0; i < config_.values.size(); ++i) {
      if (config_.values[i].number) continue;  // the host itself refuses what is wrong there
      for (const auto& text : odd) {
        tell(told::step, "create with an odd value of " + config_.values[i].key);
        auto config = config_;
        config.values[i].text = text;
        auto instance = make(descriptor_, std::move(config));
        if (instance->create().empty()) instance->destroy();
      }
    }
  }

  std::size_t growth_of(const romp_plugin& descriptor) {
    const auto run = [&] {
      auto instance = make(descriptor, config_);
      if (instance->create().empty()) instance->destroy();
    };
    for (int i = 0; i < cycles / 10; ++i) run();
    const auto before = ::mallinfo2().uordblks;
    for (int i = 0; i < cycles; ++i) run();
    const auto after = ::mallinfo2().uordblks;
    return after > before ? after - before : 0;
  }

  /// The host's own part is measured with a plugin that does nothing.
  void look_for_leaks() {
    tell(told::step, "1000 times create and destroy");
    romp_plugin nothing = descriptor_;
    nothing.create = [](const romp_host*, const romp_config*, void**) -> romp_status {
      return ROMP_OK;
    };
    nothing.destroy = nullptr;
    const auto own = growth_of(nothing);
    const auto all = growth_of(descriptor_);
    // What the host keeps of each filter for ever is a few dozen octets.
    constexpr std::size_t allowed = 512;
    const auto each = (all - std::min(all, own)) / cycles;
    if (each > allowed) {
      tell(told::warning,
           "create and destroy leave " + std::to_string(each) + " octets behind each time");
    }
  }

  void live() {
    tell(told::step, "start");
    auto instance = make(descriptor_, config_);
    auto text = instance->create();
    if (text.empty()) text = instance->start();
    if (!text.empty()) return tell(told::error, text);
    const plugin::Chain chain({instance->filters().begin(), instance->filters().end()});
    for (const auto& filter : chain.filters()) {
      if (wishes_.chain) tell(told::filter, describe(filter));
    }
    for (const auto& filter : chain.filters()) feed(chain, filter);
    if ((descriptor_.flags & ROMP_PLUGIN_CONCURRENT) != 0) hammer(chain);
    if (wishes_.bench) bench(chain);
    if (instance->events() != nullptr) {
      tell(told::step, "events");
      for (std::uint32_t type = 0; type <= ROMP_EV_OVERFLOW; ++type) instance->tell({.type = type});
    }
    tell(told::step, "tasks");
    gateway_.run();
    end(*instance);
  }

  /// Frames that were deferred are not resumed before the end: stop must bear that.
  void end(Instance& instance) {
    tell(told::step, "drop_slot");
    for (auto* slot : peer_.slots) {
      if (slot != nullptr) instance.drop_slot(slot);
    }
    tell(told::step, "stop");
    instance.stop();
    const auto retained = instance.retained().size();
    if (retained != 0) {
      tell(told::warning, std::to_string(retained) + " frames were retained and not released");
    }
    tell(told::step, "destroy");
    instance.destroy();
  }

  void feed(const plugin::Chain& chain, const plugin::Filter& filter) {
    Corpus corpus(filter, wishes_.seed);
    const auto until = base::Clock::now() + long_enough;
    for (unsigned kind = 0; kind < Corpus::kinds + random_frames; ++kind) {
      if (kind >= Corpus::kinds && base::Clock::now() >= until) break;
      const auto trial = corpus.make(peer_, kind);
      tell_step(filter, *trial);
      const auto faults = filter.counters->faults.load();
      chain.run(filter.stage, trial->call);
      if (filter.counters->faults.load() != faults) {
        tell(told::error, "filter " + filter.name + " failed on " + trial->what);
      }
      if (trial->call.deferred != 0) forget(trial->call.deferred, kind);
    }
  }

  /// Sessions that have gone, and one that is still waiting at the end.
  void forget(romp_defer_id id, unsigned kind) {
    if (kind != 1) deferrals_.give_up(id);
  }

  static void tell_step(const plugin::Filter& filter, const Trial& trial) {
    tell(told::step, "filter " + filter.name + " with " + trial.what);
  }

  void hammer(const plugin::Chain& chain) {
    tell(told::step, "many threads");
    std::vector<std::jthread> workers;
    std::vector<plugin::Peer> peers(threads);
    const auto until = base::Clock::now() + long_enough;
    for (unsigned t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        for (const auto& filter : chain.filters()) {
          Corpus corpus(filter, wishes_.seed + t);
          for (unsigned i = 0; i < frames_a_thread / chain.filters().size() + 1; ++i) {
            const auto trial = corpus.make(peers[t], 1 + i % 6);
            chain.run(filter.stage, trial->call);
            if (trial->call.deferred != 0) deferrals_.give_up(trial->call.deferred);
            if (base::Clock::now() >= until) return;
          }
        }
      });
    }
    workers.clear();
    for (auto& peer : peers) {
      for (auto* slot : peer.slots) {
        if (slot != nullptr) chain.filters()[0].instance->drop_slot(slot);
      }
    }
  }

  void bench(const plugin::Chain& chain) {
    for (const auto& filter : chain.filters()) {
      if ((filter.flags & ROMP_FILTER_MAY_DEFER) != 0) continue;
      tell(told::step, "measuring filter " + filter.name);
      Corpus corpus(filter, wishes_.seed);
      const auto trial = corpus.make(peer_, 1);
      const auto begin = base::Clock::now();
      for (int i = 0; i < bench_calls; ++i) chain.run(filter.stage, trial->call);
      const auto took = std::chrono::nanoseconds(base::Clock::now() - begin).count();
      tell(told::figure, "filter " + filter.name + ": " + std::to_string(took / bench_calls) +
                             " ns a frame, the host's part with it");
    }
  }

  const romp_plugin& descriptor_;
  const Wishes& wishes_;
  const std::span<const romp_config_key> declared_;
  config::PluginSettings section_;
  romp_config config_;
  TrialGateway gateway_;
  plugin::Deferrals deferrals_;
  plugin::Peer peer_;
};

struct Order {
  std::string file;
  Wishes wishes;
};

Order read_order(std::istream& in) {
  Order order;
  std::string flags;
  std::getline(in, order.file, '\0');
  std::getline(in, flags, '\0');
  order.wishes.keys = flags.find('k') != flags.npos;
  order.wishes.chain = flags.find('c') != flags.npos;
  order.wishes.bench = flags.find('b') != flags.npos;
  std::string seed;
  std::getline(in, seed, '\0');
  order.wishes.seed = std::strtoull(seed.c_str(), nullptr, 10);
  std::string key;
  std::string value;
  while (std::getline(in, key, '\0') && std::getline(in, value, '\0')) {
    order.wishes.settings[key] = value;
  }
  return order;
}

}  // namespace

std::string text_of_order(const std::filesystem::path& file, const Wishes& wishes) {
  std::string out;
  const auto put = [&](std::string_view text) { out.append(text).append(1, '\0'); };
  put(std::filesystem::absolute(file).native());
  put(std::string(wishes.keys ? "k" : "") + (wishes.chain ? "c" : "") + (wishes.bench ? "b" : ""));
  put(std::to_string(wishes.seed));
  for (const auto& [key, value] : wishes.settings) {
    put(key);
    put(value);
  }
  return out;
}

int trial_main() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  base::log::set_least(base::log::Level::warning);
  const auto order = read_order(std::cin);
  const std::filesystem::path file = order.file;
  const auto inspection = plugin::inspect(file, file.parent_path());
  if (!inspection.ok()) return 64;
  tell(told::step, "loading");
  const auto loaded = plugin::load_library(inspection.path, *inspection.note,
                                           [] { tell(told::step, "romp_plugin_entry"); });
  if (loaded.descriptor == nullptr) {
    tell(told::error, loaded.refusal);
  } else {
    Run(*loaded.descriptor, order.wishes).all();
  }
  tell(told::end, "");
  return 0;
}

}  // namespace romp::check
