// See trace_sums.h.
#include "cli/render/trace_sums.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/render/accounts.h"
#include "cli/render/item_names.h"
#include "cli/render/messages.h"
#include "cli/render/trace_parts.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"

namespace fundtrail::render {
namespace {

constexpr std::size_t kMaxDayOrRecord = 20;

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
  if (answer.direction() == v1::DIRECTION_FROM) {
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

}  // namespace

bool AddsUp(v1::Direction direction, const v1::AssetTrace& trace) {
  // Of a server they may be anything: wide enough for the sum of all.
  const Wide whole = direction == v1::DIRECTION_FROM
                         ? Wide{trace.reached()} + trace.ends_here() + trace.held() + trace.returned()
                         : Wide{trace.brought_in()} + trace.unrecorded();
  return whole + trace.exchanged() == trace.asked();
}

Shown ByAsset(const v1::TraceAnswer& answer, const Style& style,
              const std::function<Shown(const v1::AssetTrace&)>& body, bool funds) {
  Shown text = Heading(answer, style);
  if (answer.assets().empty()) {
    text +=
        answer.direction() == v1::DIRECTION_TO
            ? "No money: no payment to it fits the question. What a source brings in has no origin here.\n"
            : "No money: nothing that it brought in or received fits the question.\n";
  }
  for (const auto& trace : answer.assets())
    text += "\n" + body(trace) + "\n" + SumLine(answer, trace, style) + CommittedLine(trace) +
            RoundLine(trace) + ProRataText(trace, style);
  text += ReceiptsText(answer, style);
  return text + Footer(answer, style, funds || !answer.receipts().empty());
}

}  // namespace fundtrail::render
