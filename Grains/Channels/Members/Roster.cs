using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// Who is in the channel. Changes collect until <see cref="Flush"/> makes one versioned diff of them. A snapshot may be
/// newer than the last diff, so a diff repeats whole lines (joined and changed are both "this is the line now") and names
/// everyone who left since the last one, also who came and went in between: applied to any such snapshot it gives the same roster.
/// </summary>
internal sealed class Roster
{
    private readonly SortedDictionary<MemberNumber, Member> _members = [];
    private readonly Dictionary<SessionId, MemberNumber> _numbers = [];
    private readonly SortedSet<MemberNumber> _joined = [];
    private readonly SortedSet<MemberNumber> _changed = [];
    private readonly List<ParticipantLeft> _left = [];

    public Roster(long version = 0, MemberNumber lastNumber = default, IEnumerable<Member>? members = null)
    {
        Version = version;
        LastNumber = lastNumber;
        foreach (var member in members ?? [])
            Put(member);
    }

    /// <summary>Counts the diffs.</summary>
    public long Version { get; private set; }

    /// <summary>The highest number ever given; none is given twice.</summary>
    public MemberNumber LastNumber { get; private set; }

    public int Count => _members.Count;

    public bool HasChanges => _joined.Count + _changed.Count + _left.Count > 0;

    /// <summary>In the order of their numbers, that is of their arrival.</summary>
    public IReadOnlyCollection<Member> Members => _members.Values;

    public Member? Find(SessionId session) => _numbers.TryGetValue(session, out var number) ? _members[number] : null;

    public Member? Find(MemberNumber number) => _members.GetValueOrDefault(number);

    public Member? FindIdentity(string identity) => _members.Values.FirstOrDefault(member => member.Line.Identity == identity);

    public MemberNumber NextNumber() => LastNumber = LastNumber.Next;

    public void Add(Member member)
    {
        if (member.Number > LastNumber || _members.ContainsKey(member.Number) || _numbers.ContainsKey(member.Session))
            throw new InvalidOperationException($"Number {member.Number} was not given by this roster, or its session is there already.");

        Put(member);
        _joined.Add(member.Number);
    }

    /// <summary>Replaces what is known of a member; says so to the others only when its line differs.</summary>
    public void Update(Member member)
    {
        var before = _members[member.Number];
        _members[member.Number] = member;
        if (before.Line != member.Line && !_joined.Contains(member.Number))
            _changed.Add(member.Number);
    }

    public void Remove(Member member, LeaveReason reason)
    {
        _members.Remove(member.Number);
        _numbers.Remove(member.Session);
        _joined.Remove(member.Number);
        _changed.Remove(member.Number);
        _left.Add(new ParticipantLeft(member.Number, reason));
    }

    /// <summary>The diff from the last version to the next; null when nothing changed.</summary>
    public RosterChanged? Flush()
    {
        if (!HasChanges)
            return null;

        var diff = new RosterChanged(++Version, Lines(_joined), Lines(_changed), [.. _left]);
        _joined.Clear();
        _changed.Clear();
        _left.Clear();
        return diff;
    }

    private ImmutableArray<Participant> Lines(IEnumerable<MemberNumber> numbers) => [.. numbers.Select(number => Find(number)!.Line)];

    private void Put(Member member)
    {
        _members.Add(member.Number, member);
        _numbers.Add(member.Session, member.Number);
    }
}
