using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>
/// Finds fields, properties, parameters and return values that are named after a layout epoch, a room epoch, a member number or an SSRC
/// and whose type is a bare integer instead of the type of that number.
/// </summary>
internal static partial class BareNumbers
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly HashSet<Type> Integers =
        [typeof(int), typeof(uint), typeof(short), typeof(ushort), typeof(long), typeof(ulong)];

    /// <summary>Returns the names of all bare numbers in the hand-written types of an assembly, as <c>Type.name</c>.</summary>
    public static IEnumerable<string> In(Assembly assembly) =>
        assembly.GetTypes().Where(type => IsOwn(type) && !IsGenerated(type)).SelectMany(In).Distinct();

    /// <summary>
    /// Returns the names of all bare numbers in one type. The parameters of a delegate are those of its <c>Invoke</c> method.
    /// </summary>
    public static IEnumerable<string> In(Type type)
    {
        var fields = type.GetFields(Declared).Where(field => !field.Name.Contains('<'))
            .Select(field => (field.Name, Type: field.FieldType));
        var properties = type.GetProperties(Declared).Select(property => (property.Name, Type: property.PropertyType));
        var methods = type.GetMethods(Declared).Where(method => !method.IsDefined(typeof(CompilerGeneratedAttribute))).ToArray();
        var results = methods.Where(method => !method.IsSpecialName).Select(method => (method.Name, Type: method.ReturnType));
        var parameters = methods.Concat<MethodBase>(type.GetConstructors(Declared))
            .SelectMany(method => method.GetParameters())
            .Select(parameter => (Name: parameter.Name ?? "", Type: parameter.ParameterType));
        return fields.Concat(properties).Concat(results).Concat(parameters)
            .Where(found => IsBare(found.Type) && Number().IsMatch(found.Name))
            .Select(found => $"{type.Name}.{found.Name}")
            .Distinct();
    }

    /// <summary>Returns true for an integer, and for an array, a nullable, a reference or a generic type of integers.</summary>
    private static bool IsBare(Type type) =>
        Integers.Contains(type)
        || (type.HasElementType && IsBare(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsBare));

    /// <summary>
    /// Returns true for a type of this project. Messages of .proto files, whose namespaces end with a version, and code of the Orleans
    /// generator do not count.
    /// </summary>
    private static bool IsOwn(Type type) =>
        type.Namespace is { } name
        && name.StartsWith("Hype.", StringComparison.Ordinal)
        && !name.EndsWith(".V1", StringComparison.Ordinal);

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || (type.DeclaringType is { } outer && IsGenerated(outer));

    /// <summary>Matches the names of the four kinds of numbers, and the names of values that hold the number of a member.</summary>
    [GeneratedRegex("epoch|ssrc|csrc|number|^_?(member|peer|speaker|dominant)$", RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}
