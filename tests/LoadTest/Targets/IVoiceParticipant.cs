using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>
/// A participant in a channel. Its disposal makes it leave the channel, with a message to the server if the server still answers.
/// </summary>
internal interface IVoiceParticipant : IAsyncDisposable
{
    /// <summary>
    /// Sends one frame of 20 ms on each connected transport. Called on the participant's <see cref="ParticipantSpec.Thread"/>, and only
    /// for speakers; allocates nothing. Frames sent before a transport has keys are lost, as in a browser.
    /// </summary>
    /// <param name="payloadLength">The size of the payload in bytes, <see cref="SpokenFrame.MinLength"/> or more.</param>
    /// <param name="startsTurn">True for the first frame after silence; sets the RTP marker.</param>
    void Say(in SpokenFrame frame, int payloadLength, bool startsTurn);
}
