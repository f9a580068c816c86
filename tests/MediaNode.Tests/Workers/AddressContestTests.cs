using Hype.MediaClient;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Net;
using Hype.MediaNode.Transport;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests the competition of members for one address.</summary>
public sealed class AddressContestTests
{
    private const long Second = 1_000_000;

    private DtlsContext _dtls = null!;
    private Room _room = null!;
    private RoomMember[] _members = null!;
    private AddressContest _contest = null!;

    [SetUp]
    public void Begin()
    {
        _dtls = SelfSigned.Node.NewContext();
        _room = new Room(WorkerBench.Room, slots: 3, _dtls);
        _members = [.. Enumerable.Range(1, AddressContest.Capacity + 1).Select(number => Member((uint)number))];
        _contest = new AddressContest();
    }

    [TearDown]
    public void End()
    {
        foreach (var member in _members)
            member.Endpoint.Dispose();
        _dtls.Dispose();
    }

    [Test]
    public void First_rival_that_answered_takes_over_after_the_grace_of_the_holder()
    {
        _contest.Add(_members[0], 0);
        _contest.Add(_members[1], 0);
        _contest.Rivals[1].AnsweredAt = 0;

        Assert.That(_contest.Resolve(AddressContest.Grace - 1), Is.Null);
        Assert.That(_contest.Resolve(AddressContest.Grace), Is.EqualTo(_members[1]));
    }

    [Test]
    public void Rival_that_sends_no_further_check_leaves_the_contest()
    {
        _contest.Add(_members[0], 0);
        _contest.Add(_members[1], Second);
        _contest.Rivals[0].AnsweredAt = AddressContest.Timeout;

        _contest.Resolve(AddressContest.Timeout + 1);

        Assert.That(Rivals(), Is.EqualTo(new[] { _members[1] }));
        Assert.That(_contest.Rivals[0].AnsweredAt, Is.Null);
    }

    [Test]
    public void Rival_that_has_been_silent_for_longest_is_replaced_and_one_that_has_just_sent_a_check_is_not()
    {
        for (var i = 0; i < AddressContest.Capacity; i++)
            _contest.Add(_members[i], i);
        _contest.Add(_members[0], Second);

        _contest.Add(_members[^1], Second);
        Assert.That(Rivals(), Is.EqualTo(_members[..^1]));
        _contest.Add(_members[^1], Second + 1);

        Assert.That(Rivals(), Is.EqualTo(_members[2..^1].Prepend(_members[0]).Append(_members[^1])));
    }

    [Test]
    public void Removed_member_is_no_rival_any_more()
    {
        _contest.Add(_members[0], 0);
        _contest.Add(_members[1], 0);

        _contest.Remove(_members[0]);

        Assert.That(Rivals(), Is.EqualTo(new[] { _members[1] }));
    }

    [Test]
    public void Contests_that_forged_checks_begin_again_and_again_allocate_nothing()
    {
        var (table, address, now) = (new EndpointTable(), WorkerBench.AddressOf(1), 0L);

        var allocated = Allocations.Of(
            () =>
            {
                foreach (var member in _members)
                    table.Contest(member, address, now += Second);
                table.FindContest(address)!.Resolve(now);
                table.FindContest(address)!.Remove(_members[^1]);
                table.Confirm(_members[0], address, now);
            },
            repetitions: 1_000);

        Assert.That(allocated, Is.Zero);
        Assert.That(table.Contests, Is.Empty);
    }

    private RoomMember[] Rivals() => [.. _contest.Rivals.ToArray().Select(rival => rival.Member)];

    private RoomMember Member(uint number)
    {
        var spec = WorkerBench.Spec(number, slots: 3);
        var ice = new IceLite(spec.IceUfrag, spec.IcePwd);
        return new RoomMember(
            _room, spec.Number, new Endpoint(ice, _dtls, AesEngine.Auto, createdAt: 0), new Publisher(spec.CanSpeak),
            new Subscriber(spec.SlotSsrcs, spec.CanListen), new MemberBudget(WorkerLimits.Default.Budget));
    }
}
