using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// Who leads the conversation: one member, or nobody. A simple relative of Volfin and Cohen, "Dominant speaker identification for
/// multipoint videoconferencing" (2012): where they compare speech activity over three lengths of time, this compares one
/// smoothed activity by ratio and asks that the lead lasts. In figures, for two voices of equal level:
/// <list type="bullet">
/// <item>the speaker stops and another begins: the change comes after about 0.57 s;</item>
/// <item>a pause of 0.2 s while another talks on, or a cough of 0.3 s, changes nothing;</item>
/// <item>two who talk at once, equally loud: the first stays.</item>
/// </list>
/// </summary>
internal sealed class DominantSpeaker
{
    /// <summary>µs over which speech activity is averaged: two or three syllables.</summary>
    private const double TimeConstant = 400_000;

    /// <summary>A challenger's activity over the dominant speaker's.</summary>
    private const double LeadRatio = 1.5;

    /// <summary>µs for which the lead has to last.</summary>
    private const long LeadTime = 200_000;

    /// <summary>µs. A challenger that pauses for longer begins anew.</summary>
    private const long ChallengePause = 200_000;

    /// <summary>The least activity with which anyone leads: a normal voice gets there in about a quarter of a second.</summary>
    private const double LeastActivity = 40;

    /// <summary>µs of silence after which nobody leads.</summary>
    private const long Silence = 3_000_000;

    private readonly Dictionary<int, Member> _members = [];

    /// <summary>Null: nobody speaks.</summary>
    public int? Current { get; private set; }

    public void Add(int member) => _members.Add(member, new Member { LeadsSince = long.MaxValue });

    /// <summary>True: the dominant speaker left, and nobody leads now.</summary>
    public bool Remove(int member)
    {
        _members.Remove(member);
        if (Current != member) return false;
        Current = null;
        return true;
    }

    /// <summary>A member's packet arrived. True: <see cref="Current"/> has changed. Strangers are ignored.</summary>
    /// <param name="minusDbov">0 (loudest) to 127.</param>
    public bool Observe(int member, byte minusDbov, bool voice, long now)
    {
        ref var observed = ref CollectionsMarshal.GetValueRefOrNullRef(_members, member);
        if (Unsafe.IsNullRef(ref observed)) return false;

        var speaks = Speech.Is(minusDbov, voice);
        observed.Activity.Add(speaks ? Speech.Loudness(minusDbov) : 0, now, TimeConstant);

        // Only one who is speaking takes over, so a noise that has ended does not win by the other's fading.
        if (!speaks) return false;

        if (now - observed.LastSpoke > ChallengePause) observed.LeadsSince = long.MaxValue;
        observed.LastSpoke = now;
        if (member == Current) return false;

        var activity = observed.Activity.At(now, TimeConstant);
        var leads = activity >= LeastActivity
            && (Current is not { } current || activity >= LeadRatio * _members[current].Activity.At(now, TimeConstant));
        if (!leads)
        {
            observed.LeadsSince = long.MaxValue;
            return false;
        }

        if (observed.LeadsSince == long.MaxValue) observed.LeadsSince = now;
        if (Current is not null && now - observed.LeadsSince < LeadTime) return false;

        observed.LeadsSince = long.MaxValue;
        Current = member;
        return true;
    }

    /// <summary>True: the dominant speaker has been silent for so long that nobody leads now.</summary>
    public bool Tick(long now)
    {
        if (Current is not { } current || now - _members[current].LastSpoke < Silence) return false;
        Current = null;
        return true;
    }

    private struct Member
    {
        public SpeechActivity Activity;
        public long LastSpoke;
        public long LeadsSince;
    }
}
