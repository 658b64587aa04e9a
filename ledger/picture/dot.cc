// See dot.h.
#include "ledger/picture/dot.h"

#include <map>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/bytes.h"
#include "ledger/picture/paint.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::picture {
namespace {

// In quotes: a backslash before n, l or r would break a line, and before others say something else.
std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(Visible(text), {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

class DotCluster {
 public:
  DotCluster(const v1::AssetTrace& trace, int number) : trace_(trace), number_(number) {}

  std::string Text() {
    std::string edges;
    for (const auto& flow : trace_.flows()) {
      const std::string from = Node(flow.from()), to = Node(flow.to());
      absl::StrAppend(&edges, "    ", from, " -> ", to, " [label=", Quoted(Figure(flow.amount())), "];\n");
    }
    for (const auto& end : trace_.ends()) {
      const Paint paint = PaintOf(end.kind(), Words());
      const std::string node = Node(end.account());
      nodes_[node].push_back(absl::StrCat(paint.words, " ", Figure(end.amount())));
    }
    std::string text =
        absl::StrCat("  subgraph cluster_", number_, " {\n    label=", Quoted(trace_.asset()), ";\n");
    for (const auto& [account, name] : names_) {
      std::string label = Labelled(account);
      for (const std::string& end : nodes_[name]) absl::StrAppend(&label, ", ", end);
      absl::StrAppend(&text, "    ", name, " [label=", Quoted(label), "];\n");
    }
    return absl::StrCat(text, edges, "  }\n");
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // name, id, fund, project

  std::string Figure(std::int64_t amount) const { return Money(amount, trace_.decimals()); }

  std::string Node(const v1::Account& account) {
    const Key key(account.party_name(), account.party(), account.fund(), account.project());
    const auto [found, fresh] = names_.emplace(key, "");
    if (fresh) found->second = absl::StrCat("n", number_, "_", names_.size());
    return found->second;
  }

  static std::string Labelled(const Key& key) {
    const auto& [name, id, fund, project] = key;
    return absl::StrCat(name, " (", id, ") [", fund, project.empty() ? "" : ", ", project, "]");
  }

  const v1::AssetTrace& trace_;
  const int number_;
  std::map<Key, std::string> names_;                       // of the nodes
  std::map<std::string, std::vector<std::string>> nodes_;  // by that name, how money ends there
};

}  // namespace

std::string Dot(const v1::TraceAnswer& answer) {
  std::string text = "digraph trace {\n  rankdir=LR;\n  node [shape=box];\n";
  Words words;
  std::vector<std::string> caption{answer.question()};
  int number = 0;
  std::string clusters;
  for (const auto& trace : answer.assets()) {
    caption.push_back(CaptionOf(answer, trace, words).sum);
    clusters += DotCluster(trace, number++).Text();
  }
  caption.push_back(Filled(words.method, {{"method", answer.method()}}));
  caption.push_back(Filled(words.as_of, {{"ledger", answer.as_of().ledger()},
                                         {"records", absl::StrCat(answer.as_of().size())},
                                         {"root", HexEncode(answer.as_of().root()).substr(0, 16)}}));
  std::string label;
  for (const std::string& line : caption) absl::StrAppend(&label, label.empty() ? "" : " ", line);
  return absl::StrCat(text, "  label=", Quoted(label), ";\n", clusters, "}\n");
}

}  // namespace fundtrail::picture
