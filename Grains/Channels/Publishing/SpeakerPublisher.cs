using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Channels.Publishing;

/// <summary>Stores the dominant speaker, and publishes each change of it.</summary>
internal sealed class SpeakerPublisher(Roster roster, EffectList effects)
{
    /// <summary>The dominant speaker that the media node reported last; null when no member speaks.</summary>
    public MemberNumber? Dominant { get; private set; }

    /// <param name="number">A number that is not in the roster counts as null.</param>
    public void Set(MemberNumber? number)
    {
        var dominant = number is { } reported && roster.Find(reported) is not null ? number : null;
        if (Dominant == dominant)
            return;
        Dominant = dominant;
        effects.Add(new PublishToAll(new SpeakersChanged(dominant)));
    }

    /// <summary>Clears the dominant speaker if that member has left.</summary>
    public void Reconcile() => Set(Dominant);
}
