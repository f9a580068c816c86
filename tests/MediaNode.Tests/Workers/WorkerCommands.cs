using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Overloads of the worker's commands that take plain member numbers, for short tests.</summary>
internal static class WorkerCommands
{
    public static CommandResult AcceptAnswer(this MediaWorker worker, RoomKey room, uint number, string algorithm, byte[] fingerprint) =>
        worker.AcceptAnswer(
            room, new MemberNumber(number), new IceCredential(TestPeer.Own.UfragBytes, TestPeer.Own.PwdBytes), algorithm, fingerprint);

    public static CommandResult UpdateEndpoint(this MediaWorker worker, RoomKey room, uint number, bool canSpeak, bool canListen) =>
        worker.UpdateEndpoint(room, new MemberNumber(number), canSpeak, canListen);

    public static CommandResult RemoveEndpoint(this MediaWorker worker, RoomKey room, uint number) =>
        worker.RemoveEndpoint(room, new MemberNumber(number));

    public static CommandResult RestartIce(this MediaWorker worker, RoomKey room, uint number, IceCredential next) =>
        worker.RestartIce(room, new MemberNumber(number), next);

    public static (CommandResult Result, IssuedTicket? Ticket) ReleaseEndpoint(
        this MediaWorker worker, RoomKey room, uint number, ulong handOver = 1) =>
        worker.ReleaseEndpoint(room, new MemberNumber(number), handOver);
}
