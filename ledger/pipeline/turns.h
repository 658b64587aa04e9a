// What waits, of many addresses, each served in its own order and all of them in turns. Whoever has much there waits
// behind itself, and whoever has little is served soon. In each of its turns an address is served as much as the
// others. What counts is what things cost and not their number (deficit round robin). Knows no threads and no clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace fundtrail::pipeline {

template <typename T>
class Turns {
 public:
  // `quantum`: of one turn. What costs more is saved up for.
  explicit Turns(std::uint64_t quantum) : quantum_(quantum) {}

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // After all else of this address. An address that had nothing here takes its first turn after those that wait. Costs
  // more than nothing.
  void Push(const std::string& address, std::uint64_t cost, T thing) {
    const auto [found, fresh] = by_address_.try_emplace(address);
    if (fresh) {
      found->second = ring_.insert(ring_.end(), Line{address, {}, 0});
    }
    found->second->things.push_back({cost, std::move(thing)});
    ++size_;
  }

  // The first of this address; null when it has none.
  const T* Front(const std::string& address) const {
    const auto found = by_address_.find(address);
    return found == by_address_.end() ? nullptr : &found->second->things.front().thing;
  }

  // Whether the first of any address is such a one.
  template <typename Such>
  bool Any(Such such) const {
    return std::any_of(ring_.begin(), ring_.end(),
                       [&](const Line& line) { return such(line.things.front().thing); });
  }

  // Whose turn it is: takes the first of that address. One whose first `may` not be served now, told by
  // may(address, thing), is passed over and keeps its place. Nothing when that is so of all.
  template <typename May>
  std::optional<T> Next(May may) {
    for (auto line = ring_.begin(); line != ring_.end();) {
      const auto at = line++;
      const Costing& first = at->things.front();
      if (!may(at->address, first.thing)) continue;
      if (!at->begun) at->saved += quantum_;
      at->begun = true;
      if (first.cost <= at->saved) return Take(at);
      // Its turn is over: behind the others, for the next one.
      at->begun = false;
      ring_.splice(ring_.end(), ring_, at);
      if (line == ring_.end()) line = at;
    }
    return std::nullopt;
  }

 private:
  struct Costing {
    std::uint64_t cost;
    T thing;
  };
  struct Line {
    std::string address;
    std::deque<Costing> things;  // never none
    std::uint64_t saved;         // and not spent yet
    bool begun = false;          // its turn has
  };
  using Ring = std::list<Line>;

  T Take(typename Ring::iterator at) {
    T thing = std::move(at->things.front().thing);
    at->saved -= at->things.front().cost;
    at->things.pop_front();
    --size_;
    if (at->things.empty()) {  // nobody saves while away
      by_address_.erase(at->address);
      ring_.erase(at);
    }
    return thing;
  }

  const std::uint64_t quantum_;
  Ring ring_;  // those who have anything here; who is served next is in front
  std::unordered_map<std::string, typename Ring::iterator> by_address_;
  std::size_t size_ = 0;
};

}  // namespace fundtrail::pipeline
