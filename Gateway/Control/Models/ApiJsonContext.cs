using System.Text.Json.Serialization;
using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Microsoft.AspNetCore.Mvc;

namespace Hype.Gateway.Control.Models;

/// <summary>The JSON of the REST API, generated at build time; enums have the same names as in the signaling.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    // A misspelt field is an error, not a default.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ChannelListItem[]))]
[JsonSerializable(typeof(ChannelDetails))]
[JsonSerializable(typeof(ExplanationDetails))]
[JsonSerializable(typeof(NewsDetails))]
[JsonSerializable(typeof(ParticipantDetails))]
[JsonSerializable(typeof(ParticipantDetails[]))]
[JsonSerializable(typeof(MoveBody))]
[JsonSerializable(typeof(GrantsBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(MintedToken))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(uint))]
[JsonSerializable(typeof(SettingsBody))]
[JsonSerializable(typeof(BanBody))]
[JsonSerializable(typeof(BanDetails[]))]
[JsonSerializable(typeof(RestrictionDetails[]))]
[JsonSerializable(typeof(ModerationDetails))]
[JsonSerializable(typeof(RevocationDetails))]
[JsonSerializable(typeof(GuestTokenRequest))]
[JsonSerializable(typeof(GuestToken))]
[JsonSerializable(typeof(HealthDetails))]
[JsonSerializable(typeof(RegionGateway[]))]
[JsonSerializable(typeof(NodeDetails))]
[JsonSerializable(typeof(NodeDetails[]))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJsonContext : JsonSerializerContext
{
    /// <summary>
    /// Makes minimal APIs serialize with this context. Options of the context, such as its converters, must be set here again: the
    /// framework takes only its type information.
    /// </summary>
    public static void Use(Microsoft.AspNetCore.Http.Json.JsonOptions json)
    {
        var options = json.SerializerOptions;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new WireEnum<ChannelMode>());
        options.Converters.Add(new WireEnum<ModePolicy>());
        options.Converters.Add(new WireEnum<ModeReason>());
        options.Converters.Add(new WireEnum<ConnectionQuality>());
        options.Converters.Add(new WireEnum<LeaveReason>());
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}
