// See trace.h.
#include "cli/render/trace.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "cli/render/accounts.h"
#include "cli/render/apart.h"
#include "cli/render/csv.h"
#include "cli/render/item_names.h"
#include "cli/render/messages.h"
#include "cli/render/table.h"
#include "cli/render/trace_parts.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/bytes.h"
#include "ledger/base/quantity.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::render {
namespace {

constexpr std::size_t kMaxDayOrRecord = 20;

Shown Days(const std::string& first, const std::string& last) {
  return first == last ? Safe(first) : Say("{} … {}", first, last);
}

// What a party moves between its own accounts is paid to nobody.
Shown Moves(std::uint64_t count) { return count == 1 ? Shown("1 move") : Say("{} moves", count); }

// A payment is what was paid: "2 payments", "1 commitment", or "3 transfers" that are both.
Shown Transfers(std::uint64_t count, std::int64_t amount, std::int64_t committed) {
  if (committed == 0) return count == 1 ? Shown("1 payment") : Say("{} payments", count);
  if (committed == amount) return count == 1 ? Shown("1 commitment") : Say("{} commitments", count);
  return count == 1 ? Shown("1 transfer") : Say("{} transfers", count);
}

// Of an amount: nothing when all of it was paid.
Shown Committed(std::int64_t committed, std::int64_t amount, std::uint32_t decimals) {
  if (committed == 0) return {};
  return committed == amount ? Shown("committed, not paid")
                             : Say("{} of it committed, not paid", Money(committed, decimals));
}

bool IsDayOrRecord(std::string_view text) {
  return !text.empty() && text.size() <= kMaxDayOrRecord &&
         text.find_first_not_of("0123456789-") == std::string_view::npos;
}

// What was asked, as the ledger says it. Its days and its record stand behind the rest, in this order.
Shown QuestionText(std::string_view question) {
  const auto take = [&](std::string_view words) -> std::string {
    const std::size_t at = question.rfind(words);
    if (at == std::string_view::npos || !IsDayOrRecord(question.substr(at + words.size()))) return "";
    std::string value(question.substr(at + words.size()));
    question = question.substr(0, at);
    return value;
  };
  const std::string record = take(", as of record "), until = take(", until "), from = take(", from ");
  Shown text = Told(question);
  if (!from.empty()) text += Say(", from {}", from);
  if (!until.empty()) text += Say(", until {}", until);
  if (!record.empty()) text += Say(", as of record {}", record);
  return text;
}

Shown Heading(const v1::TraceAnswer& answer, const Style& style) {
  return Toned(style, Tone::kBold, QuestionText(answer.question())) + "\n";
}

Shown SumLine(const v1::TraceAnswer& answer, const v1::AssetTrace& trace, const Style& style) {
  const auto money = [&](std::int64_t amount) { return Money(amount, trace.decimals()); };
  Shown text = Say("{} {} asked = ", money(trace.asked()), trace.asset());
  if (answer.direction() == v1::FROM) {
    text += Say("{} reached recipients", money(trace.reached()));
    if (trace.ends_here() != 0)
      text += Say(" + {} ends here, no further payment recorded", money(trace.ends_here()));
    text += Say(" + {} held + {} returned to source", money(trace.held()), money(trace.returned()));
  } else {
    text += Say("{} brought in by sources", money(trace.brought_in()));
    if (trace.unrecorded() != 0) text += Say(" + {} of unrecorded origin", money(trace.unrecorded()));
  }
  if (trace.exchanged() != 0) text += Say(" + {} exchanged", money(trace.exchanged()));
  return AddsUp(answer.direction(), trace) ? Toned(style, Tone::kBold, text) + "\n"
                                           : Toned(style, Tone::kBad, text + "  DOES NOT ADD UP") + "\n";
}

// How much of each figure was not paid. It is no sum: money may come as a commitment and go on as a payment.
Shown CommittedLine(const v1::AssetTrace& trace) {
  const v1::TraceSums& of_it = trace.committed();
  Shown figures;
  const auto add = [&](std::int64_t amount, const char* words) {
    if (amount == 0) return;
    figures += Say("{}{} of what {}", figures.empty() ? "" : ", ", Money(amount, trace.decimals()), words);
  };
  add(of_it.asked(), "was asked");
  add(of_it.reached(), "reached recipients");
  add(of_it.ends_here(), "ends here");
  add(of_it.held(), "is held");
  add(of_it.returned(), "was returned");
  add(of_it.brought_in(), "was brought in");
  add(of_it.unrecorded(), "is of unrecorded origin");
  add(of_it.exchanged(), "was exchanged");
  return figures.empty() ? figures : "Committed, not paid: " + figures + "\n";
}

// How it agrees with a balance, which counts each receipt.
Shown RoundLine(const v1::AssetTrace& trace) {
  std::int64_t received = trace.asked();
  if (trace.came_round() == 0 || !AddTo(&received, trace.came_round())) return {};
  const auto money = [&](std::int64_t amount) { return Money(amount, trace.decimals()); };
  return Say("{} asked + {} that came round again, counted once = {} received\n", money(trace.asked()),
             money(trace.came_round()), money(received));
}

// What the short words in tables and trees mean, of those that stand there.
Shown Legend(const v1::TraceAnswer& answer, const Style& style) {
  const auto any = [&](const auto& says) {
    return std::any_of(answer.assets().begin(), answer.assets().end(), says);
  };
  Shown text;
  if (any([](const v1::AssetTrace& trace) { return trace.held() != 0; }))
    text += "Held: not passed on, as far as this ledger has heard.\n";
  if (any([](const v1::AssetTrace& trace) { return trace.ends_here() != 0; }))
    text += "Ends here: no further payment is recorded. Nobody stated that the party is a recipient.\n";
  if (any([](const v1::AssetTrace& trace) { return trace.unrecorded() != 0; }))
    text += "Unrecorded origin: a file shows the payment, and not where its money came from.\n";
  return text.empty() ? text : Toned(style, Tone::kDim, text);
}

Shown Footer(const v1::TraceAnswer& answer, const Style& style, bool funds) {
  return Legend(answer, style) + (funds ? NamesText(answer.names(), style) : Shown()) +
         JoinedText(answer.joined()) +
         Toned(
             style, Tone::kDim,
             Say("Method: {}. As of {}, {} records, root {}…", Told(answer.method()), answer.as_of().ledger(),
                 answer.as_of().size(), HexEncode(answer.as_of().root()).substr(0, 16))) +
         "\n";
}

// `funds`: whether the body shows the ids of funds and projects.
Shown ByAsset(const v1::TraceAnswer& answer, const Style& style,
              const std::function<Shown(const v1::AssetTrace&)>& body, bool funds = true) {
  Shown text = Heading(answer, style);
  if (answer.assets().empty()) {
    text +=
        answer.direction() == v1::TO
            ? "No money: no payment to it fits the question. What a source brings in has no origin here.\n"
            : "No money: nothing that it brought in or received fits the question.\n";
  }
  for (const auto& trace : answer.assets())
    text += "\n" + body(trace) + "\n" + SumLine(answer, trace, style) + CommittedLine(trace) +
            RoundLine(trace) + ProRataText(trace, style);
  text += ReceiptsText(answer, style);
  return text + Footer(answer, style, funds || !answer.receipts().empty());
}

// --- the tree ----------------------------------------------------------------------------------------------

struct TreeLine {
  std::string branch;  // box characters
  Shown label;
  Tone tone = Tone::kPlain;
  std::string amount;
  Shown note;
  Shown account = {};    // behind the label, and cut after it: it tells lines of one party apart
  Shown committed = {};  // behind the note; where there is no room for both, before it
};

class TreeText {
 public:
  explicit TreeText(std::uint32_t decimals) : decimals_(decimals) {}

  void Add(const v1::TraceNode& node, const v1::TraceNode* parent, const std::string& lead,
           const std::string& below) {
    const bool moved = parent != nullptr && parent->account().party() == node.account().party();
    TreeLine line{
        lead, Safe(node.account().party_name()), parent == nullptr ? Tone::kBold : Tone::kPlain,
        Money(node.amount(), decimals_),
        (moved ? Moves(node.transfers()) : Transfers(node.transfers(), node.amount(), node.committed())) +
            ", " + Days(node.first_date(), node.last_date())};
    if (parent == nullptr || parent->account().fund() != node.account().fund() ||
        parent->account().project() != node.account().project())
      line.account = Say(" {}", FundInBrackets(node.account()));
    if (node.committed() != node.amount())
      line.committed = Committed(node.committed(), node.amount(), decimals_);
    lines_.push_back(std::move(line));
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
      if (end.kind() == v1::ENDS_HERE && end.committed() != end.amount())
        note = "no further payment recorded";
      TreeLine ended{below + (last ? "└─ " : "├─ "), words.word, words.tone, Money(end.amount(), decimals_),
                     note};
      ended.committed = Committed(end.committed(), end.amount(), decimals_);
      lines_.push_back(std::move(ended));
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
    int notes = 0;
    int sums = 0;  // of the notes, what is committed: no amount is cut
    for (const TreeLine& line : lines_) {
      names = std::max(names, DisplayWidth(line.branch) + DisplayWidth((line.label + line.account).str()));
      amounts = std::max(amounts, DisplayWidth(line.amount));
      notes = std::max(notes, DisplayWidth(NoteOf(line, kEndless).str()));
      sums = std::max(sums, DisplayWidth(line.committed.str()));
    }
    // Where lines are endless, a longer name moves its own amount alone. Else a note has what names leave, a third at least.
    const int room_of_both = style.width - amounts - 4;
    // On a narrow terminal what is committed has lines of its own: it would leave no room for names.
    const bool apart = !style.endless() && room_of_both - sums < kLeastNames;
    if (apart) {
      sums = notes = 0;
      for (const TreeLine& line : lines_) notes = std::max(notes, DisplayWidth(line.note.str()));
    }
    const int least_of_notes = std::max(sums, std::min(notes, room_of_both / 3));
    names = std::min(names, style.endless() ? kMaxPadded : std::max(12, room_of_both - least_of_notes));
    std::vector<Shown> labels;
    // Names that would look the same take room from the notes.
    while (!LabelsIn(names, style, &labels) && names + kWiden < room_of_both - sums) names += kWiden;
    const int note_room = std::max(1, room_of_both - names);
    Shown text;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const TreeLine& line = lines_[i];
      const int room = RoomIn(names, line);
      const Shown& label = labels[i];
      text += Toned(style, Tone::kDim, Safe(line.branch)) + Toned(style, line.tone, label);
      text += label.Each([&](const std::string& words) {
        return std::string(static_cast<std::size_t>(std::max(0, room - DisplayWidth(words))), ' ');
      });
      text += "  " + Toned(style, line.tone, Safe(PadLeft(line.amount, amounts)));
      const Shown note =
          apart ? Clipped(line.note, note_room) : NoteOf(line, style.endless() ? kEndless : note_room);
      if (!note.empty()) text += "  " + Toned(style, Tone::kDim, note);
      text += "\n";
      if (apart && !line.committed.empty())
        text += Toned(style, Tone::kDim,
                      Safe(Below(line.branch)) +
                          Clipped(line.committed, style.width - DisplayWidth(line.branch))) +
                "\n";
    }
    return text;
  }

 private:
  static constexpr int kLeastLabel = 7;
  static constexpr int kLeastNames = 24;  // with their branches
  static constexpr int kWiden = 4;

  // The branches beside a second line of what stands behind these.
  static std::string Below(const std::string& branch) {
    return absl::StrReplaceAll(branch, {{"├─ ", "│  "}, {"└─ ", "   "}});
  }

  static int RoomIn(int names, const TreeLine& line) {
    return std::max(8, names - DisplayWidth(line.branch));
  }

  // The label of each line, in so many columns with its branch. Whether those that differ look different.
  bool LabelsIn(int names, const Style& style, std::vector<Shown>* labels) const {
    std::vector<Shown> whole;
    std::vector<int> rooms;
    labels->clear();
    for (const TreeLine& line : lines_) {
      rooms.push_back(RoomIn(names, line));
      whole.push_back(line.label + line.account);
      labels->push_back(style.endless() ? whole.back() : LabelIn(line, rooms.back()));
    }
    return style.endless() || TellApart(whole, rooms, labels);
  }

  static Shown Clipped(const Shown& words, int room) {
    return words.Each([&](const std::string& text) { return ClipToWidth(text, room); });
  }

  // The name first gives way to the account, and that is cut in the middle.
  static Shown LabelIn(const TreeLine& line, int room) {
    if (DisplayWidth((line.label + line.account).str()) <= room) return line.label + line.account;
    if (line.account.empty() || room <= 2 * kLeastLabel) return Clipped(line.label + line.account, room);
    const int least = std::min(kLeastLabel, DisplayWidth(line.label.str()));
    const Shown account =
        line.account.Each([&](const std::string& text) { return ClipMiddle(text, room - least); });
    return Clipped(line.label, room - DisplayWidth(account.str())) + account;
  }

  static Shown NoteOf(const TreeLine& line, int room) {
    if (line.committed.empty() || line.note.empty()) return Clipped(line.note + line.committed, room);
    const Shown note = line.note + ", " + line.committed;
    return DisplayWidth(note.str()) <= room ? note : Clipped(line.committed + ", " + line.note, room);
  }

  std::uint32_t decimals_;
  std::vector<TreeLine> lines_;
};

Shown NameAndFund(const v1::Account& account) {
  return Say("{} {}", account.party_name(), FundInBrackets(account));
}

}  // namespace

bool AddsUp(v1::Direction direction, const v1::AssetTrace& trace) {
  // Of a server they may be anything: wide enough for the sum of all.
  const Wide whole = direction == v1::FROM
                         ? Wide{trace.reached()} + trace.ends_here() + trace.held() + trace.returned()
                         : Wide{trace.brought_in()} + trace.unrecorded();
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
    const auto is_committed = [](const auto& sum) { return sum.committed() != 0; };
    const bool committed = std::any_of(trace.flows().begin(), trace.flows().end(), is_committed) ||
                           std::any_of(trace.ends().begin(), trace.ends().end(), is_committed);
    // The columns of both, and behind the amount how much of it is committed, where anything is.
    const auto columns = [&](std::vector<Column> rest) {
      if (committed) rest.insert(rest.begin(), {"committed", true});
      rest.insert(rest.begin(), {"amount", true});
      return rest;
    };
    const auto cells = [&](const auto& sum, std::vector<Cell> rest) {
      if (committed) rest.insert(rest.begin(), Money(sum.committed(), trace.decimals()));
      rest.insert(rest.begin(), Money(sum.amount(), trace.decimals()));
      return rest;
    };
    Column from{"from"}, to{"to"}, party{"party"};
    from.name = to.name = party.name = true;
    Table flows(columns({{committed ? "transfers" : "payments", true},
                         {"first", false, true},
                         {"last", false, true},
                         from,
                         to}));
    for (const auto& flow : trace.flows()) {
      flows.Add(cells(flow, {std::to_string(flow.transfers()), flow.first_date(), flow.last_date(),
                             NameAndFund(flow.from()), NameAndFund(flow.to())}));
    }
    Table ends(columns({{"end"}, {"first", false, true}, {"last", false, true}, party}));
    for (const auto& end : trace.ends()) {
      ends.Add(cells(
          end, {WordsOf(end.kind()).word, end.first_date(), end.last_date(), NameAndFund(end.account())}));
    }
    return (flows.empty() ? Shown() : flows.Text(style) + "\n") + ends.Text(style);
  });
}

Shown TracePaths(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(
      answer, style,
      [&](const v1::AssetTrace& trace) {
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
          text += ": " + Toned(style, words.tone, words.word) +
                  (path.end().committed() != 0 ? ", committed, not paid\n" : "\n");
        }
        if (trace.truncated()) {
          text += Toned(style, Tone::kWaiting,
                        Say("Stopped at the budget of {} paths, which carry {} of {}; --format flows shows "
                            "everything.",
                            trace.paths_size(), Money(trace.shown(), trace.decimals()),
                            Money(trace.asked(), trace.decimals()))) +
                  "\n";
        }
        return text;
      },
      /*funds=*/false);
}

namespace {

// Behind all other columns: the end of one receipt alone, and each end by the second method, where there is any; then the
// names of the fund and the project.
struct MoreColumns {
  bool receipts = false, pro_rata = false;
  std::vector<std::string> Titles(std::vector<std::string> titles) const {
    if (receipts) titles.insert(titles.end(), {"receipt", "receipt_ended"});
    if (pro_rata) titles.emplace_back("ended_pro_rata");
    titles.insert(titles.end(), {"fund_name", "project_name"});
    return titles;
  }
  void Fill(std::vector<std::string>* cells, const std::string& receipt, const std::string& receipt_ended,
            const std::string& by_the_second) const {
    if (receipts) cells->insert(cells->end(), {receipt, receipt_ended});
    if (pro_rata) cells->push_back(by_the_second);
  }
};

// Which of the columns they are.
constexpr std::size_t kFundCell = 5, kProjectCell = 12;

using EndOfTwo = std::tuple<int, std::string, std::string, std::string>;
EndOfTwo KeyOfEnd(v1::EndKind kind, const v1::Account& account) {
  return {kind, account.party(), account.fund(), account.project()};
}

}  // namespace

std::string TraceCsv(const v1::TraceAnswer& answer, sheets::Cells cells) {
  MoreColumns more;
  const ItemNames names(answer.names());
  more.receipts = !answer.receipts().empty();
  for (const auto& trace : answer.assets()) more.pro_rata = more.pro_rata || trace.has_pro_rata();
  std::string text = sheets::CsvLine(
      more.Titles({"what", "from", "from_name", "to", "to_name", "fund", "asset", "amount", "transfers",
                   "first", "last", "committed", "project", "ended", "ledger", "size", "root", "method"}),
      sheets::Cells::kRaw);
  const auto row = [&](std::vector<std::string> values, const std::string& receipt,
                       const std::string& receipt_ended, const std::string& by_the_second) {
    values.insert(values.end(), {answer.as_of().ledger(), std::to_string(answer.as_of().size()),
                                 HexEncode(answer.as_of().root()), answer.method()});
    const std::string& fund = names.Fund(values[kFundCell]);
    const std::string& project = names.Project(values[kProjectCell]);
    more.Fill(&values, receipt, receipt_ended, by_the_second);
    values.insert(values.end(), {fund, project});
    text += sheets::CsvLine(values, cells);
  };
  const auto end_cells = [](v1::EndKind kind, const v1::Account& account, const std::string& asset) {
    return std::vector<std::string>{
        WordsOf(kind).word, "", "", account.party(), account.party_name(), account.fund(), asset, "", ""};
  };
  for (const auto& trace : answer.assets()) {
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, trace.decimals()); };
    for (const auto& flow : trace.flows()) {
      row({"flow", flow.from().party(), flow.from().party_name(), flow.to().party(), flow.to().party_name(),
           flow.to().fund(), trace.asset(), money(flow.amount()), std::to_string(flow.transfers()),
           flow.first_date(), flow.last_date(), money(flow.committed()), flow.to().project(), ""},
          "", "", "");
    }
    std::map<EndOfTwo, std::int64_t> second;
    for (const auto& end : trace.pro_rata().ends())
      second[KeyOfEnd(end.kind(), end.account())] = end.pro_rata();
    for (const auto& end : trace.ends()) {
      auto values = end_cells(end.kind(), end.account(), trace.asset());
      values.insert(values.end(), {end.first_date(), end.last_date(), money(end.committed()),
                                   end.account().project(), money(end.amount())});
      row(std::move(values), "", "", money(second[KeyOfEnd(end.kind(), end.account())]));
    }
    for (const auto& end : trace.pro_rata().ends()) {
      if (end.fifo() != 0) continue;  // it stands above
      auto values = end_cells(end.kind(), end.account(), trace.asset());
      values.insert(values.end(), {"", "", "", end.account().project(), money(0)});
      row(std::move(values), "", "", money(end.pro_rata()));
    }
  }
  for (const auto& receipt : answer.receipts()) {
    for (const auto& end : receipt.ends()) {
      auto values = end_cells(end.kind(), end.account(), receipt.asset());
      values.insert(values.end(),
                    {end.first_date(), end.last_date(), PlainMoney(end.committed(), receipt.decimals()),
                     end.account().project(), ""});
      row(std::move(values), RefOrRecord(receipt.ref()), PlainMoney(end.amount(), receipt.decimals()), "");
    }
  }
  return text;
}

}  // namespace fundtrail::render
