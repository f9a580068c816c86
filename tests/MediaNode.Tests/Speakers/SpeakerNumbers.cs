using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Tests.Speakers;

/// <summary>Overloads of the speaker selection's methods that take plain member numbers, for short tests.</summary>
internal static class SpeakerNumbers
{
    public static void Add(this LoudestSpeakers speakers, int member) => speakers.Add(Number(member));

    public static bool Remove(this LoudestSpeakers speakers, int member) => speakers.Remove(Number(member));

    public static int? SlotOf(this LoudestSpeakers speakers, int member) => speakers.SlotOf(Number(member));

    public static bool Observe(this LoudestSpeakers speakers, int member, byte minusDbov, bool voice, long now) =>
        speakers.Observe(Number(member), minusDbov, voice, now);

    public static void Add(this DominantSpeaker dominant, int member) => dominant.Add(Number(member));

    public static bool Remove(this DominantSpeaker dominant, int member) => dominant.Remove(Number(member));

    public static bool Observe(this DominantSpeaker dominant, int member, byte minusDbov, bool voice, long now) =>
        dominant.Observe(Number(member), minusDbov, voice, now);

    private static MemberNumber Number(int member) => new((uint)member);
}
