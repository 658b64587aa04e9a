// See trace.h.
#include "cli/render/trace.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "cli/render/csv.h"
#include "cli/render/table.h"
#include "fmt/format.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

struct EndWords {
  const char* word;
  Tone tone;
};

EndWords WordsOf(v1::EndKind kind) {
  switch (kind) {
    case v1::REACHED:
      return {"reached", Tone::kGood};
    case v1::HELD:
      return {"held", Tone::kWaiting};
    case v1::RETURNED:
      return {"returned", Tone::kBack};
    case v1::EXCHANGED:
      return {"exchanged", Tone::kBack};
    case v1::BROUGHT_IN:
      return {"brought in", Tone::kGood};
    default:
      return {"?", Tone::kBad};
  }
}

Shown Days(const std::string& first, const std::string& last) {
  return first == last ? Safe(first) : Say("{} … {}", first, last);
}

Shown Payments(std::uint64_t count) { return Say("{} payment{}", count, count == 1 ? "" : "s"); }

Shown Heading(const v1::TraceAnswer& answer, const Style& style) {
  return Toned(style, Tone::kBold, Safe(answer.question())) + "\n";
}

Shown SumLine(const v1::TraceAnswer& answer, const v1::AssetTrace& trace, const Style& style) {
  const auto money = [&](std::int64_t amount) { return Money(amount, trace.decimals()); };
  Shown text = Say("{} {} asked = ", money(trace.asked()), trace.asset());
  if (answer.direction() == v1::FROM) {
    text += Say("{} reached recipients + {} held + {} returned to source", money(trace.reached()),
                money(trace.held()), money(trace.returned()));
  } else {
    text += Say("{} brought in by sources", money(trace.brought_in()));
  }
  if (trace.exchanged() != 0) text += Say(" + {} exchanged", money(trace.exchanged()));
  return AddsUp(answer.direction(), trace) ? Toned(style, Tone::kBold, text) + "\n"
                                           : Toned(style, Tone::kBad, text + "  DOES NOT ADD UP") + "\n";
}

Shown Footer(const v1::TraceAnswer& answer, const Style& style) {
  return Toned(style, Tone::kDim,
               Say("Method: {}. As of {}, {} records, root {}…", answer.method(), answer.as_of().ledger(),
                   answer.as_of().size(), HexEncode(answer.as_of().root()).substr(0, 16))) +
         "\n";
}

Shown ByAsset(const v1::TraceAnswer& answer, const Style& style,
              const std::function<Shown(const v1::AssetTrace&)>& body) {
  Shown text = Heading(answer, style);
  if (answer.assets().empty()) text += "No money.\n";
  for (const auto& trace : answer.assets()) text += "\n" + body(trace) + "\n" + SumLine(answer, trace, style);
  return text + Footer(answer, style);
}

// --- the tree ----------------------------------------------------------------------------------------------

struct TreeLine {
  std::string branch;  // box characters
  Shown label;
  Tone tone = Tone::kPlain;
  std::string amount;
  Shown note;
};

class TreeText {
 public:
  explicit TreeText(std::uint32_t decimals) : decimals_(decimals) {}

  void Add(const v1::TraceNode& node, const v1::TraceNode* parent, const std::string& lead,
           const std::string& below) {
    Shown label = Safe(node.account().party_name());
    if (parent == nullptr || parent->account().fund() != node.account().fund())
      label += Say(" [{}]", node.account().fund());
    lines_.push_back({lead, label, parent == nullptr ? Tone::kBold : Tone::kPlain,
                      Money(node.amount(), decimals_),
                      Payments(node.transfers()) + ", " + Days(node.first_date(), node.last_date())});
    int left = node.ends_size() + node.children_size() + (node.cut() != 0 ? 1 : 0);
    for (const auto& child : node.children()) {
      const bool last = --left == 0;
      Add(child, &node, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
    for (const auto& end : node.ends()) {
      const bool last = --left == 0;
      const EndWords words = WordsOf(end.kind());
      Shown note = end.kind() == v1::HELD ? Say("since {}", end.first_date()) : Shown();
      if (end.kind() == v1::EXCHANGED && !end.exchanges().empty()) {
        note = Say("by {}.{}", end.exchanges(0).record(), end.exchanges(0).line());
      }
      lines_.push_back(
          {below + (last ? "└─ " : "├─ "), words.word, words.tone, Money(end.amount(), decimals_), note});
    }
    if (node.cut() != 0) {
      lines_.push_back(
          {below + "└─ ",
           node.cut_children() > 0 ? Say("… {} more", node.cut_children()) : Shown("… not shown"), Tone::kDim,
           Money(node.cut(), decimals_), ""});
    }
  }

  Shown Text(const Style& style) const {
    int names = 0;
    int amounts = 0;
    for (const TreeLine& line : lines_) {
      names = std::max(names, DisplayWidth(line.branch) + DisplayWidth(line.label.str()));
      amounts = std::max(amounts, DisplayWidth(line.amount));
    }
    names = std::min(names, std::max(30, style.width - amounts - 4));
    Shown text;
    for (const TreeLine& line : lines_) {
      const int room = std::max(8, names - DisplayWidth(line.branch));
      const Shown label = Shown::Made(ClipToWidth(line.label.str(), room));
      text += Toned(style, Tone::kDim, Safe(line.branch)) + Toned(style, line.tone, label);
      text += Shown::Made(
          std::string(static_cast<std::size_t>(std::max(0, room - DisplayWidth(label.str()))), ' '));
      text += "  " + Toned(style, line.tone, Safe(PadLeft(line.amount, amounts)));
      if (!line.note.empty()) text += "  " + Toned(style, Tone::kDim, line.note);
      text += "\n";
    }
    return text;
  }

 private:
  std::uint32_t decimals_;
  std::vector<TreeLine> lines_;
};

Shown NameAndFund(const v1::Account& account) { return Say("{} [{}]", account.party_name(), account.fund()); }

}  // namespace

bool AddsUp(v1::Direction direction, const v1::AssetTrace& trace) {
  // Of a server they may be anything: wide enough for the sum of all.
  __extension__ using Wide = __int128;
  const Wide whole = direction == v1::FROM ? Wide{trace.reached()} + trace.held() + trace.returned()
                                           : Wide{trace.brought_in()};
  return whole + trace.exchanged() == trace.asked();
}

Shown TraceTree(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(answer, style, [&](const v1::AssetTrace& trace) {
    TreeText tree(trace.decimals());
    for (const auto& root : trace.tree()) tree.Add(root, nullptr, "", "");
    Shown text = tree.Text(style);
    if (trace.truncated()) {
      text +=
          Toned(style, Tone::kWaiting, "The tree is cut at its budget; --format flows shows everything.") +
          "\n";
    }
    return text;
  });
}

Shown TraceFlows(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(answer, style, [&](const v1::AssetTrace& trace) {
    Table flows({{"amount", true}, {"payments", true}, {"first"}, {"last"}, {"from"}, {"to"}});
    for (const auto& flow : trace.flows()) {
      flows.Add({Money(flow.amount(), trace.decimals()), std::to_string(flow.transfers()), flow.first_date(),
                 flow.last_date(), NameAndFund(flow.from()), NameAndFund(flow.to())});
    }
    Table ends({{"amount", true}, {"end"}, {"first"}, {"last"}, {"party"}});
    for (const auto& end : trace.ends()) {
      ends.Add({Money(end.amount(), trace.decimals()), WordsOf(end.kind()).word, end.first_date(),
                end.last_date(), NameAndFund(end.account())});
    }
    return (flows.empty() ? Shown() : flows.Text(style) + "\n") + ends.Text(style);
  });
}

Shown TracePaths(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(answer, style, [&](const v1::AssetTrace& trace) {
    int amounts = 0;
    for (const auto& path : trace.paths()) {
      amounts = std::max(amounts, DisplayWidth(Money(path.amount(), trace.decimals())));
    }
    Shown text;
    for (const auto& path : trace.paths()) {
      text += Say("{}  ", PadLeft(Money(path.amount(), trace.decimals()), amounts));
      for (int i = 0; i < path.steps_size(); ++i) {
        const auto& step = path.steps(i);
        if (i > 0) text += answer.direction() == v1::FROM ? " → " : " ← ";
        text += Safe(step.account().party_name()) +
                Toned(style, Tone::kDim,
                      Say(" ({}.{}, {})", step.ref().record(), step.ref().line(), step.date()));
      }
      const EndWords words = WordsOf(path.end().kind());
      text += ": " + Toned(style, words.tone, words.word) + "\n";
    }
    if (trace.truncated()) {
      text +=
          Toned(
              style, Tone::kWaiting,
              Say("Stopped at the budget of {} paths, which carry {} of {}; --format flows shows everything.",
                  trace.paths_size(), Money(trace.shown(), trace.decimals()),
                  Money(trace.asked(), trace.decimals()))) +
          "\n";
    }
    return text;
  });
}

std::string TraceCsv(const v1::TraceAnswer& answer, exchange::Cells cells) {
  std::string text = exchange::CsvLine(
      {"what", "from", "from_name", "to", "to_name", "fund", "asset", "amount", "payments", "first", "last"},
      exchange::Cells::kRaw);
  for (const auto& trace : answer.assets()) {
    for (const auto& flow : trace.flows()) {
      text += exchange::CsvLine(
          {"flow", flow.from().party(), flow.from().party_name(), flow.to().party(), flow.to().party_name(),
           flow.to().fund(), trace.asset(), PlainMoney(flow.amount(), trace.decimals()),
           std::to_string(flow.transfers()), flow.first_date(), flow.last_date()},
          cells);
    }
    for (const auto& end : trace.ends()) {
      text += exchange::CsvLine(
          {WordsOf(end.kind()).word, "", "", end.account().party(), end.account().party_name(),
           end.account().fund(), trace.asset(), PlainMoney(end.amount(), trace.decimals()), "",
           end.first_date(), end.last_date()},
          cells);
    }
  }
  return text;
}

}  // namespace fundtrail::render
