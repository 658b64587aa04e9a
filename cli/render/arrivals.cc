// See arrivals.h.
#include "cli/render/arrivals.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

using Line = v1::AcknowledgementLine;

std::string StatusWord(Line::Status status) {
  if (status == Line::STATUS_UNSPECIFIED || !Line::Status_IsValid(status)) return "?";
  return absl::AsciiStrToLower(model::WordOf(status));
}

std::string ResultWord(v1::Acknowledge::Result result) {
  if (!v1::Acknowledge::Result_IsValid(result)) return "?";
  return absl::StrReplaceAll(absl::AsciiStrToLower(model::WordOf(result)), {{"_", " "}});
}

std::string ChannelWord(v1::Acknowledge::Channel channel) {
  if (!v1::Acknowledge::Channel_IsValid(channel)) return "?";
  return absl::AsciiStrToLower(model::WordOf(channel));
}

Tone ToneOf(Line::Status status) {
  if (status == Line::STATUS_CONFIRMED) return Tone::kGood;
  return status == Line::STATUS_DISPUTED ? Tone::kBad : Tone::kBold;
}

Shown CountText(const v1::AcknowledgementCount& count, const Style& style) {
  const auto money = [&](std::int64_t amount) { return Money(amount, count.decimals()); };
  return Toned(style, ToneOf(count.status()),
               Say("{}, {}", count.asset(), OwnWord(StatusWord(count.status())))) +
         Say(": {} {}, paid {}, said to have arrived {}\n", count.payments(),
             count.payments() == 1 ? "payment" : "payments", money(count.paid()), money(count.arrived()));
}

std::string SilentFor(const Line& line) {
  if (line.status() != Line::STATUS_SILENT) return "";
  return std::to_string(line.silent_days());
}

}  // namespace

Shown ArrivalWords(const v1::TransferLine& line) {
  if (!line.has_arrival()) return Shown();
  const v1::Acknowledge& said = line.arrival().said();
  Shown words = OwnWord(ResultWord(said.result()));
  if (said.result() == v1::Acknowledge::RESULT_PARTLY && line.transfer().to_asset().empty())
    words += Say(" {}", Money(said.amount(), line.decimals()));
  return words + Say(" ({})", said.by());
}

Shown Text(const v1::AcknowledgementsAnswer& answer, const Style& style, bool continued) {
  Shown heading = Say("Payments to recipients, on {}", answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"ref", false, true},
               {"date"},
               {"to"},
               {"paid", true},
               {"asset"},
               {"arrived", true},
               {"status"},
               {"silent days", true},
               {"said by"},
               {"note"}});
  for (const Line& line : answer.lines()) {
    const v1::Acknowledge& said = line.transfer().arrival().said();
    table.Add({model::RefText(line.transfer().ref()), line.transfer().date(), line.transfer().to_name(),
               Money(line.paid(), line.decimals()), line.asset(),
               line.status() == Line::STATUS_SILENT ? std::string() : Money(line.arrived(), line.decimals()),
               OwnWord(StatusWord(line.status())), SilentFor(line), said.by(), said.note()});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const auto& count : answer.counts()) text += CountText(count, style);
  if (!answer.counts().empty()) text += "Silent means that nobody said anything: not that nothing arrived.\n";
  return text + CountThen({"payment", "payments"}, answer.lines_size(), answer, continued) +
         AsOf(answer.as_of(), style);
}

Shown Text(const v1::SampleAnswer& answer, const Style& style) {
  Shown text =
      Toned(style, Tone::kBold, Say("Sample {}, drawn by record {}", answer.sample().id(), answer.record())) +
      "\n";
  if (answer.seed().empty()) {
    text += Say("Nobody knows the members yet: they follow from the record after {}.\n", answer.record());
    return text + Say("It asks about {} of {} payments.\n", answer.size(), answer.of()) +
           AsOf(answer.as_of(), style);
  }
  Table table({{"ref", false, true}, {"to"}, {"paid", true}, {"asset"}, {"status"}});
  int heard = 0;
  for (const v1::SampleMember& member : answer.members()) {
    if (member.status() != Line::STATUS_SILENT) ++heard;
    table.Add({model::RefText(member.transfer()), Say("{} ({})", member.party_name(), member.party()),
               Money(member.amount(), member.decimals()), member.asset(),
               OwnWord(StatusWord(member.status()))});
  }
  text += table.empty() ? Shown("No payment is in it.\n") : table.Text(style);
  text += Say("{} of {} payments, for {} of 100 and {} of 10,000; of {} somebody said what arrived.\n",
              answer.members_size(), answer.of(), answer.sample().confidence(),
              answer.sample().margin_basis_points(), heard);
  text += Say("Seed: the root of the first {} records, {}\n", answer.seed_size(), HexEncode(answer.seed()));
  return text + AsOf(answer.as_of(), style);
}

std::string AcknowledgementsCsvHeader() {
  return CsvTitles({"ref",     "date",   "recorded",   "to",     "to_name",     "fund",      "project",
                    "asset",   "paid",   "arrived",    "status", "silent_days", "result",    "by",
                    "channel", "sample", "arrived_on", "note",   "record",      "fund_name", "project_name"});
}

std::string AcknowledgementsCsvLines(const v1::AcknowledgementsAnswer& answer, const ItemNames& names,
                                     sheets::Cells cells) {
  std::string text;
  for (const Line& line : answer.lines()) {
    const v1::TransferLine& transfer = line.transfer();
    const v1::Acknowledge& said = transfer.arrival().said();
    const bool heard = transfer.has_arrival();
    const std::string& fund =
        transfer.transfer().to_fund().empty() ? transfer.transfer().fund() : transfer.transfer().to_fund();
    const std::string& project = transfer.transfer().to_project().empty() ? transfer.transfer().project()
                                                                          : transfer.transfer().to_project();
    text += CsvRow({model::RefText(transfer.ref()),
                    transfer.date(),
                    ToString(Timestamp(transfer.recorded_micros())),
                    transfer.transfer().to(),
                    transfer.to_name(),
                    fund,
                    project,
                    line.asset(),
                    PlainMoney(line.paid(), line.decimals()),
                    heard ? PlainMoney(line.arrived(), line.decimals()) : std::string(),
                    StatusWord(line.status()),
                    SilentFor(line),
                    heard ? ResultWord(said.result()) : std::string(),
                    said.by(),
                    heard ? ChannelWord(said.channel()) : std::string(),
                    said.sample(),
                    said.date(),
                    said.note(),
                    heard ? std::to_string(transfer.arrival().record()) : "",
                    names.Fund(fund),
                    names.Project(project)},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
