// What it costs to keep the log in a PostgreSQL with a synchronous standby, too: the same groups of entries, into a folder alone and
// into one whose log is there as well, by turns. How soon another machine takes over, and how fast one follows. Decides nothing; prints.
//
//   fundtrail_log_bench [ROUNDS [FOLDER]]     3 rounds by default; FOLDER: where all of it is kept, else in /tmp
//
// It starts two nodes of Debian's postgresql-15 itself. They, the client and the folders share this machine and its disk.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/bench.h"
#include "ledger/base/parallel.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder.h"
#include "ledger/postgres/connection.h"
#include "ledger/postgres/postgres_log.h"
#include "ledger/replica/open.h"
#include "ledger/store/forwarding_log.h"
#include "ledger/tree/merkle.h"
#include "tests/postgres/cluster.h"
#include "tests/postgres/relay.h"

namespace fundtrail::bench {
namespace {

struct Shape {
  std::size_t entries;
  int transfers;
  int groups;  // a round
};
constexpr Shape kShapes[] = {{1, 1, 150}, {64, 1, 60}, {1, 189, 150}, {10, 189, 25}};

using Group = std::vector<log::Candidate>;

// Signed and decoded ahead: that is the work of authors, and of other threads.
std::vector<Group> MakeGroups(const Shape& shape, std::uint64_t* id) {
  const crypto::SigningKey key = Key();
  std::vector<Group> groups(static_cast<std::size_t>(shape.groups));
  for (Group& group : groups) group.resize(shape.entries);
  const std::uint64_t first = *id;
  OnAllCores(groups.size() * shape.entries, [&](std::size_t i) {
    v1::Entry entry = EntryWith(first + i);
    for (int t = 0; t < shape.transfers; ++t)
      AddPayment(&entry, "donor",
                 fmt::format("d{}", (first + i + static_cast<std::uint64_t>(t)) % kDepartments), 100);
    groups[i / shape.entries][i % shape.entries].decoded = model::DecodeSignedEntry(Signed(entry, key));
  });
  *id += groups.size() * shape.entries;
  return groups;
}

double Append(log::Ledger* ledger, const std::vector<Group>& groups) {
  const auto clock = log::SystemClock();
  const double began = Now();
  for (const Group& group : groups) {
    std::size_t next = 0;
    const auto receipts = ledger->AppendEach(
        [&]() -> const log::Candidate* { return next < group.size() ? &group[next++] : nullptr; }, clock);
    for (const auto& receipt : receipts) Must(receipt.status());
  }
  return Now() - began;
}

// As many rows with nothing in them, in as many commits of one statement.
double CommitEmptyRows(postgres::Connection* connection, const Shape& shape) {
  const double began = Now();
  for (int i = 0; i < shape.groups; ++i) {
    const auto answers = Must(connection->Run(
        {{"INSERT INTO fundtrail.bench SELECT generate_series(1, $1)", {postgres::Int8(shape.entries)}}},
        std::chrono::steady_clock::now() + std::chrono::seconds(30)));
    Must(answers.front().status());
  }
  return Now() - began;
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// The log, and how long its groups took there: until both nodes had them, without the rules, the signature and the rows here.
class TimedLog final : public store::ForwardingLog {
 public:
  TimedLog(std::unique_ptr<store::GroupLog> inner, double* seconds)
      : ForwardingLog(std::move(inner)), seconds_(*seconds) {}
  Status Append(const store::LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    const double began = Now();
    Status kept = ForwardingLog::Append(before, records, root, note);
    seconds_ += Now() - began;
    return kept;
  }

 private:
  double& seconds_;
};

std::unique_ptr<log::Ledger> OpenWithLog(const std::string& dir, const std::string& url, double* in_log) {
  replica::OpenSettings settings;
  settings.replicated = log::SleepingSettings(replica::HolderOfThisProcess(dir), std::chrono::seconds(30));
  settings.give_back = true;
  // The session of the process before may take a moment to end.
  for (int tries = 0;; ++tries) {
    auto ledger = replica::OpenReplicated(
        dir,
        std::make_unique<TimedLog>(Must(postgres::OpenPostgresLog({url, false, std::chrono::seconds(10)})),
                                   in_log),
        settings);
    if (ledger.ok() || !absl::IsUnavailable(ledger.status()) || tries == 500) return Must(std::move(ledger));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

int Run(int rounds, const std::string& parent) {
  const testing::PostgresFolder folder(parent);
  testing::PostgresNode n1(folder, "n1"), n2(folder, "n2");
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "none");
  const std::string url = testing::UrlOf({&n1, &n2});
  Status prepared;
  testing::WaitUntil([&] {
    prepared = postgres::PreparePostgresLog({url, false, std::chrono::seconds(10)}, kName, tree::EmptyRoot());
    return prepared.ok();
  });
  Must(prepared);
  const auto connection = Must(postgres::Connection::Open(
      url, std::chrono::seconds(10), std::chrono::steady_clock::now() + std::chrono::seconds(10)));
  Must(Must(connection->Run({{"CREATE TABLE fundtrail.bench (n int8)", {}}},
                            std::chrono::steady_clock::now() + std::chrono::seconds(10)))
           .front()
           .status());

  const std::string alone_dir = folder / "alone", with_dir = folder / "with", warm_dir = folder / "warm",
                    late_dir = folder / "late";
  const auto clock = log::SystemClock();
  const Bytes genesis = Signed(Genesis(), Key()), names = Signed(Names(), Key());
  auto alone = Must(folder::CreateFolder(alone_dir, kName, genesis, clock, crypto::SystemRandom()));
  Must(folder::CreateFolder(with_dir, kName, genesis, clock, crypto::SystemRandom()));
  for (const std::string& other : {warm_dir, late_dir})
    std::filesystem::copy(with_dir, other, std::filesystem::copy_options::recursive);
  double in_log = 0;
  auto with = OpenWithLog(with_dir, url, &in_log);
  Must(alone->AppendOne(names, clock).status());
  Must(with->AppendOne(names, clock).status());

  std::uint64_t id = 10;
  fmt::print("{:<22} {:>14} {:>17} {:>9} {:>28} {:>14}\n", "a group, and its lines", "alone, lines/s",
             "with log, lines/s", "of alone", "in the log, of empty rows", "whole, of them");
  for (const Shape& shape : kShapes) {
    std::vector<double> ratios, of_empty, whole_of_empty, by_alone, by_with;
    for (int round = 0; round < rounds; ++round) {
      const auto groups = MakeGroups(shape, &id);
      const double lines = static_cast<double>(groups.size() * shape.entries) * shape.transfers;
      double one = 0, other = 0;
      // Who goes first has the colder caches.
      if (round % 2 == 0) one = Append(alone.get(), groups);
      in_log = 0;
      other = Append(with.get(), groups);
      if (round % 2 != 0) one = Append(alone.get(), groups);
      const double empty = CommitEmptyRows(connection.get(), shape);
      ratios.push_back(one / other);
      of_empty.push_back(in_log / empty);
      whole_of_empty.push_back(other / empty);
      by_alone.push_back(lines / one);
      by_with.push_back(lines / other);
    }
    fmt::print("{:<22} {:>14.0f} {:>17.0f} {:>9.2f} {:>26.2f} x {:>12.2f} x\n",
               fmt::format("{} x {}", shape.entries, shape.transfers), Median(by_alone), Median(by_with),
               Median(ratios), Median(of_empty), Median(whole_of_empty));
    std::fflush(stdout);
  }

  // Groups of 64 with the primary further away. The relay itself takes a part of a millisecond.
  with.reset();
  {
    testing::Relay link(n1.port());
    auto far = OpenWithLog(with_dir, testing::UrlOfPorts({link.port()}), &in_log);
    for (const auto one_way :
         {std::chrono::milliseconds(0), std::chrono::milliseconds(1), std::chrono::milliseconds(5)}) {
      link.Delay(one_way);
      std::vector<double> ratios;
      for (int round = 0; round < rounds; ++round) {
        const auto groups = MakeGroups({64, 1, 20}, &id);
        const double one = Append(alone.get(), groups);
        ratios.push_back(one / Append(far.get(), groups));
      }
      fmt::print("{}64 x 1, the primary {} ms there and back away: {:.2f} of alone\n",
                 one_way.count() == 0 ? "\n" : "", 2 * one_way.count(), Median(ratios));
      std::fflush(stdout);
    }
  }

  // Another machine that has all but the last group, and one that has nothing but the genesis.
  OpenWithLog(warm_dir, url, &in_log).reset();
  with = OpenWithLog(with_dir, url, &in_log);
  const auto last = MakeGroups({64, 1, 1}, &id), first = MakeGroups({1, 1, 1}, &id);
  Append(with.get(), last);
  const std::uint64_t size = with->size();
  with.reset();
  double began = Now();
  auto warm = OpenWithLog(warm_dir, url, &in_log);
  Append(warm.get(), first);
  fmt::print("\nanother machine, 64 records behind, gives its first receipt after {:.0f} ms\n",
             (Now() - began) * 1'000);
  warm.reset();
  began = Now();
  OpenWithLog(late_dir, url, &in_log).reset();
  const double took = Now() - began;
  fmt::print("one with nothing but the genesis has {} records after {:.1f} s: {:.0f} records a second\n",
             size + 1, took, static_cast<double>(size) / took);
  return 0;
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 3;
  if (rounds < 1 || argc > 3) {
    fmt::print(stderr, "fundtrail_log_bench [ROUNDS [FOLDER]]\n");
    return 2;
  }
  if (!fundtrail::testing::HasPostgres()) {
    fmt::print(stderr, "postgresql-15 is not installed: tools/install cluster\n");
    return 1;
  }
  fundtrail::bench::Must(fundtrail::crypto::Init());
  try {
    return fundtrail::bench::Run(rounds, argc > 2 ? argv[2] : "/tmp");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
