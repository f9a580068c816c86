using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// Finds the dominant speaker, the member that leads the conversation. A simplified form of Volfin and Cohen, "Dominant speaker
/// identification for multipoint videoconferencing" (2012): they compare speech activity over three lengths of time; this class compares
/// one smoothed activity by ratio and requires that the lead lasts. Measured with two voices of equal level:
/// <list type="bullet">
/// <item>the speaker stops and another begins: the change comes after about 0.57 s;</item>
/// <item>a pause of 0.2 s while another member continues, or a cough of 0.3 s, changes nothing;</item>
/// <item>two members talk at once, equally loud: the first stays.</item>
/// </list>
/// A member with a constant level (<see cref="LevelVariation"/>) yields to any speaking member whose level varies.
/// </summary>
internal sealed class DominantSpeaker
{
    /// <summary>The time over which speech activity is averaged, µs: two or three syllables.</summary>
    private const double TimeConstant = 400_000;

    /// <summary>The required ratio of a challenger's speech activity to that of the dominant speaker.</summary>
    private const double LeadRatio = 1.5;

    /// <summary>
    /// The time, in µs, for which a challenger must lead by <see cref="LeadRatio"/> before it becomes the dominant speaker.
    /// </summary>
    private const long LeadTime = 200_000;

    /// <summary>
    /// The longest pause of a challenger, µs. After a longer pause, the time of its lead is measured from the start again.
    /// </summary>
    private const long ChallengePause = 200_000;

    /// <summary>
    /// The speech activity (0–127) that a member needs to become dominant: a normal voice reaches it in about a quarter of a second.
    /// </summary>
    private const double LeastActivity = 40;

    /// <summary>The time of silence after which the dominant speaker loses its dominance, µs.</summary>
    private const long Silence = 3_000_000;

    private readonly Dictionary<MemberNumber, Member> _members = [];

    /// <summary>The number of the dominant speaker; null: no member is dominant.</summary>
    public MemberNumber? Current { get; private set; }

    public void Add(MemberNumber member) =>
        _members.Add(member, new Member { LeadsSince = long.MaxValue, Variation = new LevelVariation() });

    /// <summary>Removes a member. Returns true if it was the dominant speaker; then there is none until another member speaks.</summary>
    public bool Remove(MemberNumber member)
    {
        _members.Remove(member);
        if (Current != member)
            return false;
        Current = null;
        return true;
    }

    /// <summary>
    /// Adds the audio level of a member's packet. Returns true if <see cref="Current"/> has changed. Packets of unknown members are
    /// ignored.
    /// </summary>
    /// <param name="minusDbov">0 (loudest) to 127.</param>
    /// <param name="declared">False: the client sends no levels, and the level is <see cref="AudioLevel.Assumed"/>.</param>
    public bool Observe(MemberNumber member, byte minusDbov, bool voice, long now, bool declared = true)
    {
        ref var observed = ref CollectionsMarshal.GetValueRefOrNullRef(_members, member);
        if (Unsafe.IsNullRef(ref observed))
            return false;
        var speaks = Speech.Is(minusDbov, voice);
        observed.Activity.Add(speaks ? Speech.Loudness(minusDbov) : 0, now, TimeConstant);

        // Only a speaking member takes over, so that an ended noise does not win because the other fades.
        if (!speaks)
            return false;
        if (now - observed.LastSpoke > ChallengePause)
            observed.LeadsSince = long.MaxValue;
        if (declared)
            observed.Variation.Add(Speech.Loudness(minusDbov), now);
        observed.LastSpoke = now;
        if (member == Current)
            return false;
        var activity = observed.Activity.At(now, TimeConstant);
        var leads = activity >= LeastActivity && (Current is not { } current || Leads(observed, activity, _members[current], now));
        if (!leads)
        {
            observed.LeadsSince = long.MaxValue;
            return false;
        }

        if (observed.LeadsSince == long.MaxValue)
            observed.LeadsSince = now;
        if (Current is not null && now - observed.LeadsSince < LeadTime)
            return false;
        observed.LeadsSince = long.MaxValue;
        Current = member;
        return true;
    }

    /// <summary>
    /// Ends the dominance of a speaker that has been silent for <see cref="Silence"/>. Returns true if there is no dominant speaker any
    /// more.
    /// </summary>
    public bool Tick(long now)
    {
        if (Current is not { } current || now - _members[current].LastSpoke < Silence)
            return false;
        Current = null;
        return true;
    }

    private static bool Leads(in Member challenger, double activity, in Member current, long now)
    {
        var (isSteady, currentIsSteady) = (challenger.Variation.IsSteady(now), current.Variation.IsSteady(now));
        return isSteady == currentIsSteady ? activity >= LeadRatio * current.Activity.At(now, TimeConstant) : currentIsSteady;
    }

    private struct Member
    {
        public SpeechActivity Activity;
        public LevelVariation Variation;
        public long LastSpoke;
        public long LeadsSince;
    }
}
