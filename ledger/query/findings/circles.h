// Which of some parties pay one another in a circle: the strongly connected components of who pays whom.
#pragma once

#include <cstddef>
#include <vector>

namespace fundtrail::query {

// Of each node from 0 on, the number of its component: two nodes have the same where each is reached from the other. `next` has
// the nodes that each leads to. It takes time in proportion to nodes and edges, and does not recurse.
inline std::vector<int> CirclesOf(const std::vector<std::vector<int>>& next) {
  const std::size_t nodes = next.size();
  std::vector<int> component(nodes, -1), index(nodes, -1), low(nodes, 0), open;
  std::vector<bool> is_open(nodes, false);
  struct Visit {
    int node;
    std::size_t at;  // in next[node]
  };
  std::vector<Visit> visits;
  int count = 0, components = 0;
  for (std::size_t root = 0; root < nodes; ++root) {
    if (index[root] >= 0) continue;
    visits.push_back({static_cast<int>(root), 0});
    while (!visits.empty()) {
      const auto node = static_cast<std::size_t>(visits.back().node);
      if (visits.back().at == 0 && index[node] < 0) {
        index[node] = low[node] = count++;
        open.push_back(static_cast<int>(node));
        is_open[node] = true;
      }
      if (visits.back().at < next[node].size()) {
        const auto to = static_cast<std::size_t>(next[node][visits.back().at++]);
        if (index[to] < 0) {
          visits.push_back({static_cast<int>(to), 0});
        } else if (is_open[to] && index[to] < low[node]) {
          low[node] = index[to];
        }
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) {
        const auto before = static_cast<std::size_t>(visits.back().node);
        if (low[node] < low[before]) low[before] = low[node];
      }
      if (low[node] != index[node]) continue;
      while (true) {
        const auto last = static_cast<std::size_t>(open.back());
        open.pop_back();
        is_open[last] = false;
        component[last] = components;
        if (last == node) break;
      }
      ++components;
    }
  }
  return component;
}

}  // namespace fundtrail::query
